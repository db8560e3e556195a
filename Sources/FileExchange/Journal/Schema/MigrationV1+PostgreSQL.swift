internal import FilsluseStore
internal import Foundation

extension MigrationV1 {
  /// The statements that create it in a schema of PostgreSQL's, still with SQLite's types.
  static var postgreSQLScript: String {
    // A truth value is no number there.
    script.replacing("'given-up')))", with: "'given-up'))::integer)") + "\n" + chain + "\n" + functions
  }

  private static let chain = """
    -- The number and the hash of the last entry; the machine that has the journal, its host's name for people, the number
    -- of times that another machine took it over, and the last time that was heard of it, by the server's clock; 0 where
    -- it has given the journal back. Each transaction that writes locks this row at its end.
    CREATE TABLE head (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      number INTEGER NOT NULL,
      hash BLOB NOT NULL,
      epoch INTEGER NOT NULL,
      machine TEXT,
      host TEXT,
      seen_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO head (id, number, hash, epoch, seen_at) VALUES (1, 0, sha256(''), 0, 0);

    -- The time by the server's clock.
    CREATE FUNCTION milliseconds() RETURNS bigint LANGUAGE sql AS $body$
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint
    $body$;

    -- A part of the text that an entry's hash is made of.
    CREATE FUNCTION measured(part text) RETURNS text LANGUAGE sql IMMUTABLE AS $body$
      SELECT CASE WHEN part IS NULL THEN '-' ELSE octet_length(part)::text || ':' || part END
    $body$;

    -- Numbers and chains entries, and adds them: a JSON array of objects. Returns the last entry's number and hash, also
    -- where there is nothing to add. A session whose setting filsluse.epoch is not the present epoch is refused.
    CREATE FUNCTION append_entries(entries text, OUT last_number bigint, OUT last_hash bytea)
    LANGUAGE plpgsql AS $body$
    DECLARE
      one json;
      present bigint;
    BEGIN
      SELECT head.number, head.hash, head.epoch INTO STRICT last_number, last_hash, present FROM head FOR UPDATE;
      IF nullif(current_setting('filsluse.epoch', TRUE), '')::bigint IS DISTINCT FROM present THEN
        RAISE EXCEPTION 'another machine has taken the journal over' USING ERRCODE = 'FS001';
      END IF;
      FOR one IN SELECT list.value FROM json_array_elements(entries::json) AS list LOOP
        last_number := last_number + 1;
        last_hash := sha256(convert_to(
          measured(encode(last_hash, 'hex')) || measured(last_number::text) || measured(one->>'at')
          || measured(coalesce('D' || (one->>'delivery'), 'A' || (one->>'arrival'))) || measured(one->>'state')
          || measured(one->>'detail') || measured(one->>'facts'), 'UTF8'));
        INSERT INTO entry (number, at, delivery, arrival, state, detail, facts, hash) VALUES (
          last_number, (one->>'at')::bigint, (one->>'delivery')::bigint, (one->>'arrival')::bigint, one->>'state',
          one->>'detail', one->>'facts', last_hash);
      END LOOP;
      UPDATE head SET number = last_number, hash = last_hash, seen_at = milliseconds();
    END
    $body$;
    """

  private static let functions = """
    -- As SQLite has it.
    CREATE FUNCTION instr(content bytea, part bytea) RETURNS integer LANGUAGE sql IMMUTABLE AS $body$
      SELECT position(part IN content)
    $body$;
    """
}

/// The row with the number and the hash of the last entry in a journal on PostgreSQL.
enum ChainHead {
  /// Adds entries after the last one, in the order given. Whoever else adds entries waits until this transaction ends.
  ///
  /// - Returns: the last entry's number and hash.
  static func append(_ entries: [EntryContent], in database: SQLConnection) throws -> JournalAnchor {
    let list = String(decoding: try JSONEncoder().encode(entries), as: UTF8.self)
    guard let row = try database.row("SELECT last_number, last_hash FROM append_entries(?)", [list]) else {
      throw StoreError(.damaged, "the row with the last entry's number is gone")
    }
    return try JournalAnchor(row: row)
  }

  /// The last entry's number and hash by the row itself; `nil` where it is gone.
  static func noted(in database: SQLConnection) throws -> JournalAnchor? {
    try database.row("SELECT number, hash FROM head").map(JournalAnchor.init(row:))
  }
}
