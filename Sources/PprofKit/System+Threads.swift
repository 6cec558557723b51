// System calls for threads and clocks: the rest of System.swift's, which says how they are wrapped.

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A value that threads share, and on whose changes they wait.
@safe final class Monitor<State>: @unchecked Sendable {
  // Sendable, since `state` is touched by nobody who does not hold the mutex.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var state: State

  init(_ state: sending State) {
    self.state = state
    unsafe pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  func withLock<T>(_ body: (inout State) -> T) -> T {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body(&state)
  }

  /// Has all who wait look again.
  func notify() { unsafe pthread_cond_broadcast(condition) }

  /// Waits until `body` answers, which is asked now and after every ``notify()``.
  func wait<T>(until body: (inout State) -> T?) -> T {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let answer = body(&state) { return answer }
      unsafe pthread_cond_wait(condition, mutex)
    }
  }

  /// The same, for `seconds` at most.
  func wait<T>(atMost seconds: Double, until body: (inout State) -> T?) -> T? {
    var end = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &end)
    let nanoseconds = end.tv_nsec + Int(seconds * 1e9)
    end.tv_sec += nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let answer = body(&state) { return answer }
      if unsafe pthread_cond_timedwait(condition, mutex, &end) == ETIMEDOUT { return body(&state) }
    }
  }
}

/// A thread that runs one closure to its end.
final class Thread {
  private let thread: pthread_t

  /// - Throws: where the system has no more threads.
  init(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    unsafe pthread_attr_init(attributes)
    defer {
      unsafe pthread_attr_destroy(attributes)
      unsafe attributes.deallocate()
    }
    // What the first thread of a process usually has, whatever the limits are set to.
    unsafe pthread_attr_setstacksize(attributes, 8 << 20)
    let box = unsafe Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let failure = unsafe pthread_create(&thread, attributes, runBox, box.toOpaque())
    if failure != 0 {
      unsafe box.release()
      throw SystemError(code: failure)
    }
    self.thread = thread
  }

  /// Waits for its end. To be called once.
  func join() { pthread_join(thread, nil) }

  fileprivate final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

private func runBox(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context = unsafe context else { return nil }
  unsafe Unmanaged<Thread.Box>.fromOpaque(context).takeRetainedValue().body()
  return nil
}

extension System {
  /// Seconds on a clock that only goes forward.
  package static var now: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
