internal import FileExchange
internal import FilsluseSFTP
internal import TriggerFiles

extension ExchangeError {
  /// The failure in both languages.
  var localized: LocalizedText { LocalizedText(da: inDanish, en: description) }
}

extension SFTPError {
  /// The failure in both languages.
  var localized: LocalizedText { LocalizedText(da: inDanish, en: description) }
}
