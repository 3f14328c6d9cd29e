"""Public regulatory records: readers, identity of sites, and what the records say of one site.

Order of the modules, each importing only earlier ones: `countries`, `identity`, `dates`,
`contents`, `json_records`, `grids`, `tables`, `records`, `establishments` and `inspections`,
`importing`, `windows`, `lookup`, `coverage`, `summary`, `normalised`.
"""
