import Glibc
import Testing

@testable import PickupWatch
@testable import WatchConsole

/// The colours can be distinguished, by day and by night.
@Suite struct StyleSheetTests {
  private typealias Palette = [Substring: Double]

  /// The variables' brightness as WCAG counts it, in the order in which the palettes stand: light, dark.
  private var palettes: [Palette] {
    StyleSheet.css.matches(of: #/:root\{([^}]*)\}/#).map { block in
      let colours = block.output.1.matches(of: #/--([a-z-]+):#([0-9a-f]{6}|[0-9a-f]{3})\b/#)
      return Dictionary(uniqueKeysWithValues: colours.map { ($0.output.1, Self.brightness($0.output.2)) })
    }
  }

  private static func brightness(_ digits: Substring) -> Double {
    let hex = digits.utf8.count == 3 ? digits.map { "\($0)\($0)" }.joined() : String(digits)
    let value = Int(hex, radix: 16) ?? 0
    let parts = [value >> 16, value >> 8 & 255, value & 255].map { (part: Int) -> Double in
      let share = Double(part) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  @Test(
    "Writing keeps 4.5 to 1 to its ground",
    arguments: [
      ("ink", "ground"), ("ink", "card"), ("soft", "ground"), ("soft", "card"), ("link", "ground"), ("link", "card"),
      ("critical", "ground"), ("critical", "card"), ("warning", "ground"), ("warning", "card"), ("calm", "ground"),
      ("calm", "card"), ("critical", "critical-ground"), ("warning", "warning-ground"), ("calm", "calm-ground"),
      ("ink", "critical-ground"), ("ink", "warning-ground"), ("ink", "calm-ground"), ("ink", "track"),
      ("ground", "critical"), ("button-ink", "button"),
    ])
  func contrast(writing: String, ground: String) throws {
    #expect(palettes.count == 2)
    for palette in palettes {
      let one = try #require(palette[writing[...]])
      let other = try #require(palette[ground[...]])
      let contrast = (max(one, other) + 0.05) / (min(one, other) + 0.05)
      #expect(contrast >= 4.5, "\(writing) on \(ground): \(contrast)")
    }
  }

  @Test("The measure of contrast is right itself")
  func measure() {
    let (white, black, grey) = (Self.brightness("fff"), Self.brightness("000000"), Self.brightness("767676"))
    #expect(abs((white + 0.05) / (black + 0.05) - 21) < 0.001)
    #expect(abs((white + 0.05) / (grey + 0.05) - 4.54) < 0.01)
  }

  @Test("Focus is visible, and the page obeys the browser's wish for the dark")
  func focus() {
    #expect(StyleSheet.css.contains(":focus-visible{outline:3px solid"))
    #expect(!StyleSheet.css.contains("outline:0") && !StyleSheet.css.contains("outline:none"))
    #expect(StyleSheet.css.contains("@media (prefers-color-scheme:dark)"))
  }
}
