// What a program sees behind `import PprofKit`: this module, and the names of the profile, its parts and what is done to
// them, of the formats, and of the reports.
@_exported public import ProfileAnalysis
@_exported public import ProfileFormats
@_exported public import ProfileModel
@_exported public import ProfileReports
