import ProfileModel

extension TracebackText {
  /// The keys of labels in a profile that was read from anywhere; ``TableIndex/none`` where it has no such string.
  struct Keys {
    let id, state, wait, flag, bubble, attribute, gp, m, mp: StringIndex
    let creator, createdAt, parent, elided, elidedAfter, ancestor: StringIndex
    let leaked, scan, durable, locked, unavailable, framesElided, minutes: StringIndex

    init(_ strings: StringTable) {
      func find(_ text: String) -> StringIndex { strings.firstIndex(of: text) ?? .none }
      id = find(Traceback.id)
      state = find(Traceback.state)
      wait = find(Traceback.wait)
      flag = find(Traceback.flag)
      bubble = find(Traceback.bubble)
      attribute = find(Traceback.attribute)
      gp = find(Traceback.gp)
      m = find(Traceback.m)
      mp = find(Traceback.mp)
      creator = find(Traceback.creator)
      createdAt = find(Traceback.createdAt)
      parent = find(Traceback.parent)
      elided = find(Traceback.elided)
      elidedAfter = find(Traceback.elidedAfter)
      ancestor = find(Traceback.ancestor)
      leaked = find(Traceback.leaked)
      scan = find(Traceback.scan)
      durable = find(Traceback.durable)
      locked = find(Traceback.locked)
      unavailable = find(Traceback.unavailable)
      framesElided = find(Traceback.framesElided)
      minutes = find(Traceback.minutes)
    }
  }

  /// What the labels of a sample say of its goroutine. Of each key that stands once in a header the first label counts;
  /// others are the goroutine's own.
  struct Facts {
    private(set) var id, wait, bubble, parent, elided, elidedAfter: Int64?
    private(set) var state, gp, m, mp, creator, createdAt: StringIndex?
    private(set) var marks: [String] = []
    private(set) var isLocked = false
    private(set) var isUnavailable = false
    private(set) var hasUnknownElision = false
    private(set) var attributes: [StringIndex] = []
    private(set) var ancestors: [StringIndex] = []
    private(set) var own: [Label] = []
    /// How many of its own are numbers, which a header shows as words.
    private(set) var numeric = 0

    init(_ profile: Profile, _ set: LabelSetIndex, _ keys: Keys) {
      let labels = profile.labels(of: set)
      for i in labels.indices where !take(labels[i], keys) {
        own.append(labels[i])
        if labels[i].str == .empty, labels[i].num != 0 || labels[i].unit != .empty { numeric += 1 }
      }
    }

    private mutating func take(_ label: Label, _ keys: Keys) -> Bool {
      label.str == .empty ? takeNumber(label, keys) : takeWord(label, keys)
    }

    private mutating func takeNumber(_ label: Label, _ keys: Keys) -> Bool {
      // A header has no negative numbers.
      if label.num < 0 { return false }
      switch label.key {
      case keys.id where id == nil: id = label.num
      case keys.wait where wait == nil && label.unit == keys.minutes: wait = label.num
      case keys.bubble where bubble == nil: bubble = label.num
      case keys.parent where parent == nil: parent = label.num
      case keys.elided where elided == nil: elided = label.num
      case keys.elidedAfter where elidedAfter == nil: elidedAfter = label.num
      default: return false
      }
      return true
    }

    private mutating func takeWord(_ label: Label, _ keys: Keys) -> Bool {
      switch label.key {
      case keys.state where state == nil: state = label.str
      case keys.gp where gp == nil: gp = label.str
      case keys.m where m == nil: m = label.str
      case keys.mp where mp == nil: mp = label.str
      case keys.creator where creator == nil: creator = label.str
      case keys.createdAt where createdAt == nil: createdAt = label.str
      case keys.attribute: attributes.append(label.str)
      case keys.ancestor: ancestors.append(label.str)
      case keys.flag: return takeFlag(label.str, keys)
      default: return false
      }
      return true
    }

    private mutating func takeFlag(_ flag: StringIndex, _ keys: Keys) -> Bool {
      switch flag {
      case keys.leaked: marks.append(Traceback.leaked)
      case keys.scan: marks.append(Traceback.scan)
      case keys.durable: marks.append(Traceback.durable)
      case keys.locked: isLocked = true
      case keys.unavailable: isUnavailable = true
      case keys.framesElided: hasUnknownElision = true
      default: return false
      }
      return true
    }
  }
}
