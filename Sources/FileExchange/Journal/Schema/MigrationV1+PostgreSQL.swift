internal import FilsluseStore
internal import Foundation

extension MigrationV1 {
  /// The statements that create it in a schema of PostgreSQL's, still with SQLite's types.
  static var postgreSQLScript: String {
    // A truth value is no number there, and a key in an ordered index is shorter than a path may be.
    let tables = script.replacing("'given-up')))", with: "'given-up'))::integer)")
      .replacing("CREATE INDEX delivery_local_path ON delivery (local_path);", with: pathIndices)
    return [functions, tables, indices, machines, chain].joined(separator: "\n")
  }

  /// The tables that exist only on PostgreSQL.
  static let serverTables = ["head", "machine", "machine_connections", "machine_turn", "watch_act", "watch_state"]
  /// The tables with a column for the owning machine on PostgreSQL.
  static let ownedTables = ["delivery", "arrival", "observed_problem"]

  /// The functions that a journal has on PostgreSQL: the result, the language and the body of each, by its name and
  /// arguments, such as `instr(content bytea, part bytea)`.
  static let functionBodies: [String: String] = {
    var bodies: [String: String] = [:]
    for text in (functions + chain).split(separator: "CREATE FUNCTION ").dropFirst() {
      let parts = text.split(separator: "$body$")
      let head = parts[0].split(separator: ")", maxSplits: 1)
      let words = head[1].split { $0 == " " || $0 == "\n" }
      // Several results make a row.
      let result = words[0] == "RETURNS" ? words[1] : "record"
      let language = words.contains("plpgsql") ? "plpgsql" : "sql"
      bodies["\(head[0]))"] = "\(result) \(language) \(parts[1])"
    }
    return bodies
  }()

  /// The names of those functions.
  static let functionNames = functionBodies.keys.map { String($0.prefix { $0 != "(" }) }

  private static let pathIndices = """
    CREATE INDEX delivery_local_path ON delivery (substr(local_path, 1, 600));
    CREATE INDEX delivery_taken ON delivery (local_path) WHERE local_path >= '.taken/' AND local_path < '.taken0';
    """

  private static let indices = """
    -- For the answers and receipts of a delivery that retention removes: each removal looks for them.
    CREATE INDEX business_answer_delivery ON business_answer (delivery) WHERE delivery IS NOT NULL;
    CREATE INDEX business_receipt_delivery ON business_receipt (delivery) WHERE delivery IS NOT NULL;
    -- A step leaves all of a delivery's indices alone where its page has room for the new version of the row.
    ALTER TABLE delivery SET (fillfactor = 70);
    """

  private static let functions = """
    -- The time by the server's clock.
    CREATE FUNCTION milliseconds() RETURNS bigint LANGUAGE sql AS $body$
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint
    $body$;
    -- The machine of this session; NULL where it only reads.
    CREATE FUNCTION own_machine() RETURNS bigint LANGUAGE sql STABLE AS $body$
      SELECT nullif(current_setting('filsluse.machine', TRUE), '')::bigint
    $body$;
    -- As SQLite has it.
    CREATE FUNCTION instr(content bytea, part bytea) RETURNS integer LANGUAGE sql IMMUTABLE AS $body$
      SELECT position(part IN content)
    $body$;
    """

  private static let machines = """
    -- The machines that ever had the journal: the random number beside their files, the kernel's number of its last start,
    -- the host's name for people, the number of times that it was declared gone and one more, the last time that the
    -- server heard of it, by its own clock, whether it has the journal open as far as is known, and whether no other
    -- machine has opened it since it did so alone.
    CREATE TABLE machine (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE,
      boot TEXT NOT NULL,
      host TEXT NOT NULL,
      epoch INTEGER NOT NULL,
      seen_at INTEGER NOT NULL,
      is_present INTEGER NOT NULL,
      is_alone INTEGER NOT NULL
    ) STRICT;

    -- The number of connections that a machine has to an account's server, where the settings limit those of all machines.
    CREATE TABLE machine_connections (
      account TEXT NOT NULL,
      machine INTEGER NOT NULL REFERENCES machine (id),
      number INTEGER NOT NULL,
      PRIMARY KEY (account, machine)
    ) STRICT, WITHOUT ROWID;

    -- The machine that has something for a while, of several: to list an account's IN, or to take files from a folder.
    CREATE TABLE machine_turn (
      subject TEXT PRIMARY KEY,
      machine INTEGER NOT NULL REFERENCES machine (id),
      until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- The alerts of the watch that leads, in its own words, for those that stand by.
    CREATE TABLE watch_state (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      version INTEGER NOT NULL,
      host TEXT NOT NULL,
      document TEXT NOT NULL
    ) STRICT;
    INSERT INTO watch_state (id, version, host, document) VALUES (1, 0, '', '');
    -- What people do on machines that stand by, for the watch that leads, and its answers. The key is the act's: a form
    -- that is sent twice is one row.
    CREATE TABLE watch_act (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL UNIQUE,
      at INTEGER NOT NULL,
      request TEXT NOT NULL,
      answer TEXT
    ) STRICT;

    -- What a machine adds belongs to it. What was copied from another journal belongs to none until it is taken over.
    ALTER TABLE delivery ADD COLUMN machine INTEGER DEFAULT own_machine();
    ALTER TABLE arrival ADD COLUMN machine INTEGER DEFAULT own_machine();
    ALTER TABLE observed_problem ADD COLUMN machine INTEGER NOT NULL DEFAULT coalesce(own_machine(), 0);
    ALTER TABLE observed_problem DROP CONSTRAINT observed_problem_pkey;
    ALTER TABLE observed_problem ADD PRIMARY KEY (kind, account, subject, machine);
    """

  private static let chain = """
    -- The number and the hash of the last entry. Each transaction that writes locks this row at its end, and each one that
    -- changes machines, or whose work it is, at its beginning.
    CREATE TABLE head (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      number INTEGER NOT NULL,
      hash BLOB NOT NULL
    ) STRICT;
    INSERT INTO head (id, number, hash) VALUES (1, 0, sha256(''));

    -- A part of the text that an entry's hash is made of.
    CREATE FUNCTION measured(part text) RETURNS text LANGUAGE sql IMMUTABLE AS $body$
      SELECT CASE WHEN part IS NULL THEN '-' ELSE octet_length(part)::text || ':' || part END
    $body$;

    -- Numbers and chains entries, and adds them: a JSON array of objects. Returns the last entry's number and hash, also
    -- where there is nothing to add. A session whose setting filsluse.epoch is not its machine's present one is refused.
    CREATE FUNCTION append_entries(entries text, OUT last_number bigint, OUT last_hash bytea)
    LANGUAGE plpgsql AS $body$
    DECLARE
      one record;
      before bigint;
      hashes bytea[] := '{}';
    BEGIN
      SELECT head.number, head.hash INTO STRICT before, last_hash FROM head FOR UPDATE;
      last_number := before;
      UPDATE machine SET seen_at = milliseconds() WHERE machine.id = own_machine()
        AND machine.epoch = nullif(current_setting('filsluse.epoch', TRUE), '')::bigint;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'another machine has taken the journal over' USING ERRCODE = 'FS001';
      END IF;
      FOR one IN SELECT * FROM json_to_recordset(entries::json)
        AS list (at bigint, delivery bigint, arrival bigint, state text, detail text, facts text)
      LOOP
        last_number := last_number + 1;
        last_hash := sha256(convert_to(
          measured(encode(last_hash, 'hex')) || measured(last_number::text) || measured(one.at::text)
          || measured(coalesce('D' || one.delivery::text, 'A' || one.arrival::text)) || measured(one.state)
          || measured(one.detail) || measured(one.facts), 'UTF8'));
        hashes := hashes || last_hash;
      END LOOP;
      -- All rows in one statement, which takes a quarter of the time of a statement for each.
      INSERT INTO entry (number, at, delivery, arrival, state, detail, facts, hash)
        SELECT before + place, list.at, list.delivery, list.arrival, list.state, list.detail, list.facts, hashes[place]
        FROM ROWS FROM (json_to_recordset(entries::json)
          AS (at bigint, delivery bigint, arrival bigint, state text, detail text, facts text))
          WITH ORDINALITY AS list (at, delivery, arrival, state, detail, facts, place);
      UPDATE head SET number = last_number, hash = last_hash WHERE head.number <> last_number;
    END
    $body$;
    """
}

/// The row with the number and the hash of the last entry in a journal on PostgreSQL.
enum ChainHead {
  /// Appends entries in the order given. Other writers of entries wait until this transaction ends.
  ///
  /// - Returns: the last entry's number and hash.
  static func append(_ entries: [EntryContent], in database: SQLConnection) throws -> JournalAnchor {
    guard let row = try database.row(appending, [try list(entries)]) else {
      throw StoreError(.damaged, "the row with the last entry's number is gone")
    }
    return try JournalAnchor(row: row)
  }

  /// Adds entries after the last one, in the order given, by a statement that is sent with the commit.
  ///
  /// - Parameter read: gets the last entry's number and hash.
  static func appendWhenCommitting(
    _ entries: [EntryContent], in database: SQLConnection, _ read: @escaping (JournalAnchor?) -> Void
  ) throws {
    try database.whenCommitting(appending, [try list(entries)]) { row in
      read(row.flatMap { try? JournalAnchor(row: $0) })
    }
  }

  private static let appending = "SELECT last_number, last_hash FROM append_entries(?)"

  private static func list(_ entries: [EntryContent]) throws -> String {
    String(decoding: try JSONEncoder().encode(entries), as: UTF8.self)
  }

  /// The last entry's number and hash by the row itself; `nil` where it is gone.
  static func noted(in database: SQLConnection) throws -> JournalAnchor? {
    try database.row("SELECT number, hash FROM head").map(JournalAnchor.init(row:))
  }
}
