internal import ArgumentParser
internal import PprofKit

/// The root: what `pprofconv --help` shows.
struct Pprofconv: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pprofconv",
    abstract: "Converts Go profiles between the text of ?debug=1 and profile.proto, both ways, with nothing lost.",
    usage: """
      pprofconv INPUT [-o OUTPUT]...
      pprofconv COMMAND ...
      """,
    discussion: """
      INPUT is a file or - (standard input); its content tells what it is. Without -o \
      the other side goes to standard output: a profile.proto becomes grouped text, a \
      text becomes gzip'd profile.proto.

      EXAMPLES:
        pprofconv heap.pb.gz | less              look at a heap, largest first
        pprofconv heap.txt -o heap.pb.gz         make a text fit for go tool pprof
        curl -fsS URL | pprofconv - -o heap.txt  straight from a server
        pprofconv heap.pb.gz -o debug1:heap.txt  Go's own text, and back without loss
        pprofconv heap.pb.gz -o a.txt -o b.pb    two outputs of one parse
        pprofconv heap.pb.gz --sort alloc_space  grouped text in another order
        pprofconv heap.pb.gz --focus main -o x.pb.gz with the filters of go tool pprof
        pprofconv merge a.pb.gz b.pb.gz -o c.pb.gz   several profiles as one
        pprofconv flamegraph a.pb.gz -o a.svg    where the memory went, as a picture
        pprofconv info heap.pb.gz                what the file is
        pprofconv top10 -cum heap.pb.gz          the reports of go tool pprof, its options
        pprofconv batch -r in --to text --output-dir out  a whole tree, in parallel

      EVERYDAY OPTIONS OF CONVERT:
        -o [FORMAT:]PATH   where to, repeatable; FORMAT: or the ending tells how
        --to FORMAT        the format where neither does; see `formats`
        --group HOW        stack, stack+labels or none
        --sort TYPE        largest of this sample type first
        --strict           refuse rather than lose anything
        --check            write nothing; exit 1 if an output is not current
        --recover          save what stands before the damage of a damaged file

      `pprofconv convert --help` shows all of them, `pprofconv help pprof-flags` the \
      spellings of go tool pprof. A file that is named like a command is ./info.

      COMPLETIONS (bash, zsh or fish):
        pprofconv --generate-completion-script bash \
          > ~/.local/share/bash-completion/completions/pprofconv

      EXIT CODES:
        0   done
        1   a check failed
        2   usage
        3   an input is missing, unreadable, unknown or malformed
        4   some files of a batch failed (--keep-going)
        5   an output could not be written
        6   --strict refused a loss
        130, 143, 129, 141   interrupted, terminated, hung up, closed pipe
      """,
    version: Version.string,
    subcommands: [
      Convert.self, Merge.self, BatchVerb.self, Info.self, Formats.self, Top.self, Tree.self, Peek.self, List.self,
      Traces.self, Tags.self, Comments.self, Raw.self, Dot.self, Graph.self, Flamegraph.self, CallgrindVerb.self,
      TopProto.self,
      PprofFlags.self,
    ],
    defaultSubcommand: Convert.self)
}

extension Pprofconv {
  /// The words that name a command.
  static let verbs = configuration.subcommands.compactMap { command in
    command.configuration.shouldDisplay ? command.configuration.commandName : nil
  }

  /// Whether a word names a command: `top10` too, and what no help shows.
  static func isVerb(_ word: String) -> Bool {
    configuration.subcommands.contains { $0.configuration.commandName == word } || ReportSpelling.top(word) != nil
  }
}

enum Version {
  static let string = "pprofconv " + Release.version
}
