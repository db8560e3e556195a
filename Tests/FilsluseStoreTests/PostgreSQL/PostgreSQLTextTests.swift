import FilsluseStore
import Testing

@Suite struct PostgreSQLTextTests {
  @Test(
    "question marks become numbered parameters and LIKE becomes ILIKE, but not in strings, names and comments",
    arguments: [
      ("SELECT 1", "SELECT 1", 0),
      ("INSERT INTO kept (name, size) VALUES (?, ?)", "INSERT INTO kept (name, size) VALUES ($1, $2)", 2),
      ("?1 IS NULL OR account = ?1", "$1 IS NULL OR account = $1", 1),
      ("a = ?2 AND b = ?12 AND c = ?", "a = $2 AND b = $12 AND c = $13", 13),
      ("a = '?' AND b = ?", "a = '?' AND b = $1", 1),
      ("a = 'it''s ?' AND b = ?", "a = 'it''s ?' AND b = $1", 1),
      ("\"a?\" = ? -- why?\nAND b = ?", "\"a?\" = $1 -- why?\nAND b = $2", 2),
      ("a /* ? */ = ? - ?", "a /* ? */ = $1 - $2", 2),
      ("a = '?", "a = '?", 0),
      ("a /* ?", "a /* ?", 0),
      ("a LIKE ? AND b NOT LIKE 'LIKE' OR LIKELY", "a ILIKE $1 AND b NOT ILIKE 'LIKE' OR LIKELY", 1),
      ("(LIKE)", "(ILIKE)", 0),
      ("AS $body$ a LIKE '?'; $1 $ $body$ LIKE ?", "AS $body$ a LIKE '?'; $1 $ $body$ ILIKE $1", 1),
      ("a = $$?$$ AND b = ? AND c = $x$?", "a = $$?$$ AND b = $1 AND c = $x$?", 1),
      ("navn = 'blåbærgrød?' OR navn = ?", "navn = 'blåbærgrød?' OR navn = $1", 1),
    ])
  func translates(text: String, expected: String, parameters: Int) {
    let translated = PostgreSQLText(text)
    #expect(translated.sql == expected)
    #expect(translated.parameters == parameters)
  }

  @Test(
    "a script is cut at its semicolons, but not at those in strings, names and comments",
    arguments: [
      ("SELECT 1", ["SELECT 1"]), ("", []), (" ; -- nothing;\n;", []),
      ("SELECT 1; SELECT 2;\n", ["SELECT 1", " SELECT 2"]),
      ("SELECT ';' AS \";\"; SELECT 'it''s; -- no'", ["SELECT ';' AS \";\"", " SELECT 'it''s; -- no'"]),
      ("-- one; two\nSELECT 1 /* ; */ + 2 - 3; SELECT 4/2", [" \nSELECT 1   + 2 - 3", " SELECT 4/2"]),
      (
        "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $body$ -- one;\n SELECT 1; $body$; SELECT 2",
        ["CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $body$ -- one;\n SELECT 1; $body$", " SELECT 2"]
      ),
    ] as [(String, [String])])
  func cutsScripts(script: String, statements: [String]) {
    #expect(PostgreSQLText.statements(of: script) == statements)
  }
}
