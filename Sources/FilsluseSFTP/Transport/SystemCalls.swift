internal import CSystemShim
internal import FilsluseBase
internal import SystemPackage
import Glibc

/// Returns the meaning of an error number of the system, in words.
func systemText(_ code: Int32) -> MessageText {
  MessageText(String(cString: filsluse_error_text(code)), Errno(rawValue: code).inDanish)
}
