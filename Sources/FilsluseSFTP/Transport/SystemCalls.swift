internal import CSystemShim
import Glibc

/// What an error number of the system means, in words.
func systemText(_ code: Int32) -> String { String(cString: filsluse_error_text(code)) }

/// open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK): a pipe without a writer must not hold anybody up.
func openForReading(_ name: UnsafePointer<CChar>) -> Int32 { filsluse_openat(AT_FDCWD, name, O_RDONLY | O_NONBLOCK, 0) }
