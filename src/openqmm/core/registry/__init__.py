"""Public regulatory records: readers, identity of sites, and what the records say of one site.

Order of the modules, each importing only earlier ones: `countries`, `identity`, `dates`,
`contents`, `json_records`, `sheet_starts`, `grids`, `tables`, `records`, `cells`, the readers
(`establishments`, `inspections`, `citations`, `compliance`, `form483`, `enforcement`, `shortages`,
`import_alerts`, `ndc`), `merging`, `importing`, `windows`, `lookup`, `coverage`, `covers`,
`summary`, `normalised`, `firm_names`, `linkage`, `kinds`.
"""
