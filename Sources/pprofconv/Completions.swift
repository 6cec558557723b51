/// ArgumentParser's completions know no verb that is meant where none is named.
enum Completions {
  /// What is printed, with bash's script mended: the first word may be a file, and what follows one is `convert`'s.
  static func script(_ text: String) -> String {
    if !text.hasPrefix("#!/bin/bash\n") { return text }
    let end = "' -- \"${cur}\"))\n        ;;\n    esac\n}\n\n_pprofconv_convert()"
    return text.replacing(
      end,
      with: """
        ' -- "${cur}"))
                [[ "${COMP_CWORD}" -gt 1 ]] && COMPREPLY=()
                unparsed_words=("${subcommand}" "${unparsed_words[@]}")
                _pprofconv_convert
                ;;
            esac
        }

        _pprofconv_convert()
        """)
  }
}
