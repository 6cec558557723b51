#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Colours of a share from −1 (green) over 0 (grey) to 1 (red), light for backgrounds and dark for lines: pprof's dotColor.
enum DotColor {
  static func of(_ value: Int64, _ total: Int64, isBackground: Bool = false) -> String {
    let share = Double(value) / Double(total.magnitude)
    var score = share.isNaN ? share : max(-1, min(1, share))
    var saturation = isBackground ? 0.1 : 1.0
    let brightness = isBackground ? 0.93 : 0.7
    // Near 0 grey, where red and green would meet in yellow.
    if score.magnitude < 0.2 { saturation *= score.magnitude / 0.2 }
    // Away from grey: small shares are what most nodes have.
    let exponent = 1.0 - 0.7
    if score > 0 { score = pow(score, exponent) }
    if score < 0 { score = -pow(-score, exponent) }
    var (red, green) = (brightness, brightness)
    if score < 0 {
      red = brightness * (1 + saturation * score)
    } else {
      green = brightness * (1 - saturation * score)
    }
    let blue = brightness * (1 - saturation)
    return "#" + [red, green, blue].map(hexadecimal).joined()
  }

  private static func hexadecimal(_ part: Double) -> String {
    let value = part.isNaN ? 0 : Int(part * 255)
    return (value < 16 ? "0" : "") + String(value, radix: 16)
  }
}
