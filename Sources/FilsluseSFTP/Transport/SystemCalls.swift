internal import CSystemShim
import Glibc

/// Returns the meaning of an error number of the system, in words.
func systemText(_ code: Int32) -> String { String(cString: filsluse_error_text(code)) }
