import ProfileModel
import Testing

// The expected texts are what Go 1.27 prints: fmt's %.2f in bpprof's loop, time.Duration, time.RFC3339Nano.
private let sizes: [(Int64, String)] = [
  (0, "0.00B"),
  (1, "1.00B"),
  (512, "512.00B"),
  (999, "999.00B"),
  (1000, "0.98KB"),
  (1001, "0.98KB"),
  (1023, "1.00KB"),
  (1024, "1.00KB"),
  (1025, "1.00KB"),
  (1536, "1.50KB"),
  (1023998, "1000.00KB"),
  (1023999, "1000.00KB"),
  (1024000, "0.98MB"),
  (1024001, "0.98MB"),
  (1048576, "1.00MB"),
  (3145728, "3.00MB"),
  (9538928, "9.10MB"),
  (32303480, "30.81MB"),
  (1023999999, "976.56MB"),
  (1048576000, "0.98GB"),
  (1099511627776, "1.00TB"),
  (1098412116148224, "999.00TB"),
  (1099511627776000, "1TB"),
  (1125899906842624, "1TB"),
  (4611686018427387904, "4096TB"),
  (9223372036854775807, "8192TB"),
  (-1, "-1.00B"),
  (-999, "-999.00B"),
  (-1000, "-1000.00B"),
  (-1024000, "-1024000.00B"),
  (Int64.min, "-9223372036854775808.00B"),
  (9007199254740993, "8TB"),
  (1029, "1.00KB"),
  (1034, "1.01KB"),
  (1039, "1.01KB"),
  (1044, "1.02KB"),
  (5125, "5.00KB"),
  (15365, "15.00KB"),
]

private let durations: [(Int64, String)] = [
  (0, "0s"),
  (1, "1ns"),
  (999, "999ns"),
  (1000, "1\u{b5}s"),
  (1001, "1.001\u{b5}s"),
  (1010, "1.01\u{b5}s"),
  (28025, "28.025\u{b5}s"),
  (999999, "999.999\u{b5}s"),
  (1000000, "1ms"),
  (3900000, "3.9ms"),
  (999999999, "999.999999ms"),
  (1000000000, "1s"),
  (30000000000, "30s"),
  (59999999999, "59.999999999s"),
  (60000000000, "1m0s"),
  (61500000000, "1m1.5s"),
  (3599999999999, "59m59.999999999s"),
  (3600000000000, "1h0m0s"),
  (3661000000001, "1h1m1.000000001s"),
  (9223372036854775807, "2562047h47m16.854775807s"),
  (-1, "-1ns"),
  (-1500, "-1.5\u{b5}s"),
  (-61500000000, "-1m1.5s"),
  (Int64.min, "-2562047h47m16.854775808s"),
]

private let times: [(Int64, String)] = [
  (0, "1970-01-01T00:00:00Z"),
  (1, "1970-01-01T00:00:00.000000001Z"),
  (1795233624500000000, "2026-11-21T04:00:24.5Z"),
  (-1, "1969-12-31T23:59:59.999999999Z"),
  (951782400000000000, "2000-02-29T00:00:00Z"),
  (951868799999999999, "2000-02-29T23:59:59.999999999Z"),
  (4107542400000000000, "2100-03-01T00:00:00Z"),
  (9223372036854775807, "2262-04-11T23:47:16.854775807Z"),
  (Int64.min, "1677-09-21T00:12:43.145224192Z"),
  (1078099200000000000, "2004-03-01T00:00:00Z"),
]

// What `go tool pprof -top` shows: internal/measurement's rules.
private let measures: [(Int64, String, String)] = [
  (0, "bytes", "0"), (1, "bytes", "1B"), (1023, "bytes", "1023B"), (1024, "bytes", "1kB"), (1536, "bytes", "1.50kB"),
  (32_303_480, "bytes", "30.81MB"), (-32_303_480, "bytes", "-30.81MB"), (3, "kilobytes", "3kB"),
  (.max, "bytes", "8192PB"), (.min, "bytes", "-8192PB"), (1 << 62, "petabytes", "4611686018427387904PB"),
  (999, "nanoseconds", "999ns"), (1500, "nanoseconds", "1.50us"), (2_984_000_000, "ns", "2.98s"),
  (5_400_000_000_000, "ns", "1.50hrs"), (90, "seconds", "90s"), (0, "seconds", "0"),
  (1303, "count", "1303"), (-1, "count", "-1"), (7, "widgets", "7widgets"), (0, "widgets", "0"),
]

@Test(arguments: sizes) func sizesAreWhatBpprofPrints(bytes: Int64, expected: String) {
  #expect(Units.size(bytes) == expected)
}

@Test func theLargestUnsignedSizesAndSumsBeyond64BitsArePrinted() {
  var buffer: [UInt8] = []
  Units.appendSize(UInt64.max, to: &buffer)
  #expect(String(decoding: buffer, as: UTF8.self) == "16384TB")
  buffer = []
  Units.appendSize(Int128(Int64.max) * 4, to: &buffer)
  #expect(String(decoding: buffer, as: UTF8.self) == "32768TB")
  buffer = []
  Units.appendSize(Int128(Int64.min) * 2, to: &buffer)
  #expect(String(decoding: buffer, as: UTF8.self) == "-18446744073709551616.00B")
}

@Test(arguments: durations) func durationsAreWhatGoPrints(nanos: Int64, expected: String) {
  #expect(Units.duration(nanos: nanos) == expected)
}

@Test(arguments: times) func timesAreWhatGoPrints(nanos: Int64, expected: String) {
  #expect(Units.time(nanos: nanos) == expected)
}

@Test(arguments: measures) func measuresAreWhatPprofShows(value: Int64, unit: String, expected: String) {
  #expect(Units.measure(value, unit: unit) == expected)
}

@Test(arguments: [0, 9, 10, 100, 1234567890, Int64.max, -1, -10, Int64.min])
func decimalNumbersAreThoseOfTheStandardLibrary(value: Int64) {
  var buffer: [UInt8] = []
  Units.append(value, to: &buffer)
  #expect(String(decoding: buffer, as: UTF8.self) == String(value))
}
