/// The program of a server on Twisted conch: its own SFTP server for a Unix user, without the change of user that
/// takes root.
enum ConchServer {
  static let script = #"""
    import sys
    from twisted.conch import avatar, unix
    from twisted.conch.checkers import InMemorySSHKeyDB, SSHPublicKeyChecker
    from twisted.conch.ssh import factory, filetransfer, keys, session
    from twisted.cred import portal
    from twisted.internet import reactor
    from twisted.python import components
    from twisted.python.filepath import FilePath
    from zope.interface import implementer
    folder, port, host, authorized = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]

    class User(avatar.ConchUser):
        def __init__(self):
            super().__init__()
            self.channelLookup[b'session'] = session.SSHSession
            self.subsystemLookup[b'sftp'] = filetransfer.FileTransferServer
        def getHomeDir(self): return FilePath(folder)
        def _runAsUser(self, calls, *arguments, **named):
            if callable(calls): calls = [(calls, arguments, named)]
            for call in calls:
                result = call[0](*(call[1] if len(call) > 1 else ()), **(call[2] if len(call) > 2 else {}))
            return result

    components.registerAdapter(unix.SFTPServerForUnixConchUser, User, filetransfer.ISFTPServer)

    @implementer(portal.IRealm)
    class Realm:
        def requestAvatar(self, name, mind, *wanted): return wanted[0], User(), lambda: None

    key = keys.Key.fromFile(host)
    class Factory(factory.SSHFactory):
        publicKeys = {key.sshType(): key}
        privateKeys = {key.sshType(): key}
        def getPrimes(self): return None
    server = Factory()
    known = InMemorySSHKeyDB({b'flis': [keys.Key.fromFile(authorized)]})
    server.portal = portal.Portal(Realm(), [SSHPublicKeyChecker(known)])
    reactor.listenTCP(port, server, interface='127.0.0.1')
    reactor.run()
    """#
}
