/// The tests' SFTP servers in Python.
enum PythonServer {
  /// The beginning of their programs: packets are read and written with it.
  static let beginning = #"""
    import os, stat, struct, sys, time
    out, inp = sys.stdout.buffer, sys.stdin.buffer
    u32 = lambda n: struct.pack('>I', n)
    text = lambda b: u32(len(b)) + b
    def send(kind, body):
        out.write(u32(len(body) + 1) + bytes([kind]) + body); out.flush()
    def take(count):
        data = b''
        while len(data) < count:
            more = inp.read(count - len(data))
            if not more: sys.exit(0)
            data += more
        return data

    """#
}
