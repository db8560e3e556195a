import FilsluseBase
import Foundation
import Glibc
import SystemPackage

/// A mail server, Debian's aiosmtpd, that takes mail only over TLS and from the user that it knows, and Debian's msmtp
/// as the machine's sendmail, which brings it what it is given.
struct MailServer: Sendable {
  static let client = Neighbour("msmtp", of: "msmtp")
  private static let modules = Neighbour.folder(of: "python3-aiosmtpd").appending("usr/lib/python3/dist-packages")
  private static let python = ProcessInfo.processInfo.environment["FILSLUSE_PYTHON"] ?? "/usr/bin/python3"

  /// True if both are there, and Python's cryptography, which makes the certificate.
  static var isThere: Bool {
    get async {
      guard client != nil else { return false }
      return await Program(
        arguments: [python, "-c", "import aiosmtpd, cryptography"], environment: ["PYTHONPATH": modules.string],
        timeout: .seconds(60)
      ).run().isSuccess
    }
  }

  /// A mail as Python's own reader understands it, and how it came.
  struct Mail: Decodable, Equatable {
    let from: String
    let to: [String]
    let isEncrypted: Bool
    let user: String
    let subject: String
    let body: String
    let messageID: String
    let defects: [String]
  }

  let folder: FilePath
  /// The program that mail is handed to.
  let sendmail: FilePath

  /// The mails that it took, in their order.
  func mails() throws -> [Mail] {
    guard let text = try? String(contentsOfFile: folder.appending("mails").string, encoding: .utf8) else { return [] }
    return try text.split(separator: "\n").map { try JSONDecoder().decode(Mail.self, from: Data($0.utf8)) }
  }

  /// Runs a server until `body` is done.
  ///
  /// - Parameters:
  ///   - password: what the client says that its password is; the server knows `hemmelig`.
  ///   - isEncrypted: whether the server offers TLS.
  static func run(
    in folder: FilePath, password: String = "hemmelig", isEncrypted: Bool = true,
    _ body: (MailServer) async throws -> Void
  ) async throws {
    let script = folder.appending("mail-server.py").string
    try Self.script.write(toFile: script, atomically: true, encoding: .utf8)
    let server = Process()
    server.executableURL = URL(filePath: python)
    server.arguments = ["-W", "ignore", script, folder.string, isEncrypted ? "tls" : "plain"]
    server.environment = ProcessInfo.processInfo.environment.merging(["PYTHONPATH": modules.string]) { $1 }
    let (input, output) = (Pipe(), Pipe())
    server.standardInput = input
    server.standardOutput = output
    try server.run()
    defer {
      kill(server.processIdentifier, SIGKILL)
      server.waitUntilExit()
    }
    let told = await BlockingThreads.shared.run { output.fileHandleForReading.availableData }
    guard let port = UInt16(String(decoding: told, as: UTF8.self).split(separator: "\n").first ?? "") else {
      throw CocoaError(.executableLoad)
    }
    try await body(
      MailServer(folder: folder, sendmail: try await Self.sendmail(in: folder, port: port, password: password)))
  }

  /// A sendmail that is set up for the server.
  private static func sendmail(in folder: FilePath, port: UInt16, password: String) async throws -> FilePath {
    guard let client else { throw CocoaError(.executableNotLoadable) }
    let path = folder.appending("sendmail")
    let settings = """
      defaults
      host 127.0.0.1
      port \(port)
      timeout 60
      tls on
      tls_starttls on
      tls_trust_file \(folder)/certificate.pem
      auth plain
      user filsluse
      password \(password)
      from filsluse@example.dk
      account default
      """
    let variables = client.environment.map { "\($0.key)='\($0.value)' " }.joined()
    let script = "#!/bin/sh\n\(variables)exec '\(client.program)' -C '\(folder)/msmtprc' \"$@\"\n"
    // Another process writes it: a file that one of our processes holds open for writing cannot be run.
    let written = await Program(
      arguments: [
        "/bin/sh", "-c", #"umask 077; printf '%s\n' "$1" >"$0/msmtprc"; printf '%s' "$2" >"$3"; chmod 700 "$3""#,
        folder.string, settings, script, path.string,
      ], timeout: .seconds(60)
    ).run()
    guard written.isSuccess else { throw CocoaError(.fileWriteUnknown) }
    return path
  }

  private static let script = #"""
    import datetime, email, email.policy, ipaddress, json, os, ssl, sys, threading, asyncio
    from aiosmtpd.smtp import SMTP, AuthResult
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    folder, encrypted = sys.argv[1], sys.argv[2] == 'tls'
    # It ends with the test, however that ends.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, 'mail')])
    now = datetime.datetime.utcnow()
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(1))
        .add_extension(x509.BasicConstraints(True, None), True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address('127.0.0.1'))]), False)
        .sign(key, hashes.SHA256()))
    pem = serialization.Encoding.PEM
    with open(folder + '/certificate.pem', 'wb') as file: file.write(certificate.public_bytes(pem))
    with open(folder + '/certificate-key.pem', 'wb') as file:
        file.write(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(folder + '/certificate.pem', folder + '/certificate-key.pem')

    def known(server, session, envelope, mechanism, data):
        return AuthResult(
            success=data.login == b'filsluse' and data.password == b'hemmelig', handled=False, auth_data=data.login.decode())

    class Mailbox:
        tries = {}
        async def handle_RCPT(self, server, session, envelope, address, options):
            if address.startswith('ukendt@'): return '550 5.1.1 no such mailbox'
            self.tries[address] = self.tries.get(address, 0) + 1
            if address.startswith('senere@') and self.tries[address] == 1: return '451 4.7.1 greylisted, come again'
            envelope.rcpt_tos.append(address)
            return '250 OK'
        async def handle_DATA(self, server, session, envelope):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            fields = [mail[name] for name in mail.keys()]
            line = json.dumps({
                'from': envelope.mail_from, 'to': envelope.rcpt_tos, 'isEncrypted': session.ssl is not None,
                'user': session.auth_data or '', 'subject': mail['Subject'], 'body': mail.get_content(),
                'messageID': mail['Message-ID'],
                'defects': [str(x) for x in list(mail.defects) + [d for f in fields for d in f.defects]]})
            with open(folder + '/mails', 'a') as file: file.write(line + '\n')
            return '250 OK'

    async def main():
        def session():
            return SMTP(Mailbox(), hostname='mail', tls_context=tls if encrypted else None, require_starttls=encrypted,
                        authenticator=known, auth_required=True, auth_require_tls=encrypted)
        server = await asyncio.get_running_loop().create_server(session, '127.0.0.1', 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.sleep(600)
    asyncio.run(main())
    """#
}
