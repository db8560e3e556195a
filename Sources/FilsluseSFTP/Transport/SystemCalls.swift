internal import CSystemShim
import Glibc

/// What an error number of the system means, in words.
func systemText(_ code: Int32) -> String { String(cString: filsluse_error_text(code)) }
