/// Wording for the faults that libxml2 finds: its own message in English, and the meaning of its number in Danish.
enum XMLFault {
  /// Returns the words for a fault.
  ///
  /// - Parameters:
  ///   - code: a number of libxml2's xmlerror.h.
  ///   - message: libxml2's own message.
  static func wording(code: Int32, message: String) -> LocalizedText {
    let english = message.isEmpty ? "a fault in the XML" : Quoted.text(message)
    return LocalizedText(english, danish[code] ?? "en fejl i XML'en (libxml2's nr. \(code))")
  }

  private static let danish: [Int32: String] = [
    6: "en tegnreference med andet end hexadecimale cifre",
    7: "en tegnreference med andet end cifre",
    8: "en tegnreference til et tegn, som XML ikke kan bære",
    9: "et tegn, som XML ikke kan bære",
    22: "en reference, der begynder med & uden et navn",
    23: "en reference uden semikolon til sidst (et & i tekst skrives &amp;)",
    26: "en reference til noget, der ikke er erklæret (et & i tekst skrives &amp;)",
    33: "en tekst, der ikke begynder med anførselstegn",
    34: "en tekst, der ikke slutter med anførselstegn",
    38: "tegnet < i en attributs værdi",
    39: "en attribut uden anførselstegn om værdien",
    40: "en attribut, hvis værdi ikke er afsluttet",
    41: "en attribut uden værdi",
    42: "den samme attribut to gange",
    44: "en kommentar, der ikke begynder rigtigt",
    45: "en kommentar, der ikke er afsluttet",
    46: "en behandlingsinstruktion uden navn",
    47: "en behandlingsinstruktion, der ikke er afsluttet",
    35: "en forkert erklæring af et navnerum",
    56: "en XML-erklæring, der ikke begynder rigtigt",
    57: "en XML-erklæring, der ikke er afsluttet",
    62: "tegnene ]]> i tekst",
    63: "en CDATA-sektion, der ikke er afsluttet",
    64: "en XML-erklæring, der ikke står allerførst",
    65: "et manglende mellemrum",
    68: "et manglende navn",
    72: "et manglende <",
    73: "et mærke uden > til sidst",
    74: "et slutmærke uden </",
    75: "et manglende =",
    76: "et slutmærke, der ikke passer til sit startmærke",
    77: "et startmærke uden slutmærke",
    78: "et forkert ord i XML-erklæringen",
    79: "et tegnsæt med et ugyldigt navn",
    80: "to bindestreger inde i en kommentar",
    81: "bytes, som ikke passer til tegnsættet",
    96: "en XML-erklæring uden version",
    108: "en XML-version, som ikke findes",
    200: "en forkert brug af præfikset xml",
    201: "et præfiks, hvis navnerum ikke er erklæret",
    202: "et navn med mere end ét kolon",
    203: "den samme attribut to gange i ét navnerum",
    204: "et præfiks med et tomt navnerum",
    205: "et kolon først eller sidst i et navn",
  ]
}
