// Generated from schemas/state-file.schema.json by `npm run generate`. Do not edit.

export interface StateFile {}
