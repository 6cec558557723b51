/// Completion scripts, made of the same words as help. The options of `convert` are also those of no verb at all.
enum Completions {
  enum Shell: String, CaseIterable {
    case bash, zsh, fish
  }

  static func script(for shell: Shell) -> String {
    let verbs = Root.verbs.map { $0.words() }
    switch shell {
    case .bash: return bash(verbs)
    case .zsh: return zsh(verbs)
    case .fish: return fish(verbs)
    }
  }

  private static func bash(_ verbs: [VerbWords]) -> String {
    let names = verbs.map(\.name) + ["help"]
    var script = """
      # bash completion for pprofconv
      _pprofconv() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=convert options
        case ${COMP_WORDS[1]} in \(names.joined(separator: "|"))) verb=${COMP_WORDS[1]} ;; esac
        case $before in

      """
    var seen: Set<String> = []
    for option in verbs.flatMap(\.options) where option.value != nil && seen.insert(option.names.joined()).inserted {
      let reply =
        option.isFile
        ? "COMPREPLY=($(compgen -f -- \"$word\"))"
        : "COMPREPLY=($(compgen -W \"\(option.choices.joined(separator: " "))\" -- \"$word\"))"
      script += "    \(option.names.joined(separator: "|"))) \(reply); return ;;\n"
    }
    script += "  esac\n  case $verb in\n"
    for verb in verbs { script += "    \(verb.name)) options=\"\(optionNames(verb))\" ;;\n" }
    script += """
          help) options="\(verbs.map(\.name).joined(separator: " ")) pprof-flags" ;;
        esac
        case $word in
          -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
          *)
            COMPREPLY=($(compgen -f -- "$word"))
            [[ $verb == help ]] && COMPREPLY=($(compgen -W "$options" -- "$word"))
            [[ $COMP_CWORD == 1 ]] && COMPREPLY+=($(compgen -W "\(names.joined(separator: " "))" -- "$word"))
            ;;
        esac
      }
      complete -o filenames -F _pprofconv pprofconv

      """
    return script
  }

  private static func zsh(_ verbs: [VerbWords]) -> String {
    var script = "#compdef pprofconv\n# zsh completion for pprofconv\n_pprofconv() {\n  local verb=convert\n"
    script += "  local -a verbs options\n  verbs=(\n"
    for verb in verbs { script += "    \(quoted("\(verb.name):\(verb.summary)"))\n" }
    script += "    'help:What a command does.'\n  )\n"
    script +=
      "  if (( CURRENT > 2 )) && [[ -n ${verbs[(r)$words[2]:*]} ]]; then\n    verb=$words[2]\n  fi\n  case $verb in\n"
    for verb in verbs {
      script += "    \(verb.name)) options=(\n"
      for option in verb.options {
        let explained = option.help.replacing("[", with: "(").replacing("]", with: ")").replacing(":", with: "\\:")
        for name in option.names {
          var entry = (option.repeats ? "*" : "") + name + "[" + explained + "]"
          if let value = option.value {
            entry += ":" + value.replacing(":", with: "\\:") + ":"
            entry +=
              option.isFile ? "_files" : option.choices.isEmpty ? "" : "(\(option.choices.joined(separator: " ")))"
          }
          script += "      \(quoted(entry))\n"
        }
      }
      script += "    ) ;;\n"
    }
    script += """
          help) options=('1:topic:(\(verbs.map(\.name).joined(separator: " ")) pprof-flags)') ;;
        esac
        (( CURRENT == 2 )) && _describe command verbs
        _arguments -s $options '*:file:_files'
      }
      _pprofconv "$@"

      """
    return script
  }

  private static func fish(_ verbs: [VerbWords]) -> String {
    var script = "# fish completion for pprofconv\n"
    let names = verbs.map(\.name)
    for verb in verbs {
      script += "complete -c pprofconv -n __fish_use_subcommand -a \(verb.name) -d \(quoted(verb.summary))\n"
      // Without a verb convert is meant.
      let others = names.filter { $0 != "convert" }.joined(separator: " ")
      let condition =
        verb.name == "convert"
        ? "not __fish_seen_subcommand_from \(others) help" : "__fish_seen_subcommand_from \(verb.name)"
      for option in verb.options {
        script += "complete -c pprofconv -n \(quoted(condition))"
        for name in option.names {
          script += name.hasPrefix("--") ? " -l \(name.dropFirst(2))" : " -s \(name.dropFirst())"
        }
        if option.value != nil { script += " -r" }
        if !option.choices.isEmpty { script += " -f -a \(quoted(option.choices.joined(separator: " ")))" }
        script += " -d \(quoted(option.help))\n"
      }
    }
    script += "complete -c pprofconv -n __fish_use_subcommand -a help -d 'What a command does.'\n"
    script += "complete -c pprofconv -f -n '__fish_seen_subcommand_from help' -a "
    return script + quoted(names.joined(separator: " ") + " pprof-flags") + "\n"
  }

  private static func optionNames(_ verb: VerbWords) -> String {
    (verb.options.flatMap(\.names) + ["-h", "--help"]).joined(separator: " ")
  }

  /// For all three shells: nothing is special between single quotes but the quote.
  private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "’") + "'" }
}
