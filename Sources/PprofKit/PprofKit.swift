@_exported public import ProfileFormats
@_exported public import ProfileModel
