"""Every read of the programs app."""

from openqmm.apps.programs.queries.acknowledging import acknowledgement
from openqmm.apps.programs.queries.applications import (
    accepted_without_assessment,
    application,
    application_counts,
    application_rows,
    applications,
    live_application,
    places_taken,
    round_application_id,
)
from openqmm.apps.programs.queries.configurations import (
    ProgramPage,
    known_program,
    known_source,
    program_choices,
    program_of,
    program_page,
    program_rows,
    program_source,
    rule_of,
)
from openqmm.apps.programs.queries.desks import screening_desk
from openqmm.apps.programs.queries.document import document, facts, prefilled
from openqmm.apps.programs.queries.letters import (
    drafted_letter,
    letter_day,
    letters_of,
    printed,
    printed_again,
)
from openqmm.apps.programs.queries.next_steps import next_steps
from openqmm.apps.programs.queries.pages import (
    application_page,
    round_edit_page,
    round_page,
)
from openqmm.apps.programs.queries.pipeline import (
    annual_csv,
    annual_report,
    calendar_days,
    due_lines,
    pipeline,
)
from openqmm.apps.programs.queries.public import (
    announcement,
    open_rounds,
    public_program_choices,
    self_check,
)
from openqmm.apps.programs.queries.publishing import (
    own_line,
    program_file,
    published_draw,
    round_file,
)
from openqmm.apps.programs.queries.rounds import (
    apply_choices,
    protocol_choices,
    round_,
    round_rows,
    rounds,
)
from openqmm.apps.programs.queries.screening import screening_of, stored_criteria
from openqmm.apps.programs.queries.selection import candidate_of, selection_board
from openqmm.apps.programs.queries.signing import (
    PAPERS,
    acceptance_paper,
    application_content,
    signatures_of,
    submission_paper,
)
from openqmm.apps.programs.queries.wizard import (
    StepPage,
    draft,
    open_step,
    step_lacks,
    step_page,
    step_stages,
)

__all__ = [
    "PAPERS",
    "ProgramPage",
    "StepPage",
    "acceptance_paper",
    "accepted_without_assessment",
    "acknowledgement",
    "announcement",
    "annual_csv",
    "annual_report",
    "application",
    "application_content",
    "application_counts",
    "application_page",
    "application_rows",
    "applications",
    "apply_choices",
    "calendar_days",
    "candidate_of",
    "document",
    "draft",
    "drafted_letter",
    "due_lines",
    "facts",
    "known_program",
    "known_source",
    "letter_day",
    "letters_of",
    "live_application",
    "next_steps",
    "open_rounds",
    "open_step",
    "own_line",
    "pipeline",
    "places_taken",
    "prefilled",
    "printed",
    "printed_again",
    "program_choices",
    "program_file",
    "program_of",
    "program_page",
    "program_rows",
    "program_source",
    "protocol_choices",
    "public_program_choices",
    "published_draw",
    "round_",
    "round_application_id",
    "round_edit_page",
    "round_file",
    "round_page",
    "round_rows",
    "rounds",
    "rule_of",
    "screening_desk",
    "screening_of",
    "selection_board",
    "self_check",
    "signatures_of",
    "step_lacks",
    "step_page",
    "step_stages",
    "stored_criteria",
    "submission_paper",
]
