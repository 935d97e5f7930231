#include "sql/connection.h"

#include <cppconn/datatype.h>
#include <cppconn/exception.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <fmt/format.h>
#include <mysql_connection.h>
#include <mysql_driver.h>

#include <cctype>
#include <charconv>
#include <mutex>

#include "sql/driver_error.h"
#include "sql/error.h"
#include "sql/statement_cache.h"

namespace narada::storage {

namespace {

constexpr int kConnectSeconds = 3;
constexpr int kLockWaitSeconds = 5;
constexpr int kUnknownVariable = 1193;  // ER_UNKNOWN_SYSTEM_VARIABLE

// The driver fills a static table without a lock when it is first asked for.
sql::mysql::MySQL_Driver& driver() {
  static std::once_flag once;
  static sql::mysql::MySQL_Driver* instance = nullptr;
  std::call_once(once, [] { instance = sql::mysql::get_mysql_driver_instance(); });
  return *instance;
}

sql::ConnectOptionsMap connect_options(const DatabaseAddress& address,
                                       const SessionLimits& limits) {
  sql::ConnectOptionsMap options;
  options["userName"] = sql::SQLString(address.user);
  options["password"] = sql::SQLString(address.password);
  if (!address.schema.empty()) options["schema"] = sql::SQLString(address.schema);
  options["OPT_CONNECT_TIMEOUT"] = kConnectSeconds;
  options["OPT_READ_TIMEOUT"] = static_cast<int>(limits.silence.count());
  options["OPT_WRITE_TIMEOUT"] = static_cast<int>(limits.silence.count());
  if (!address.ca_file.empty()) {
    // sslVerify is the only setting that fails closed: OPT_SSL_MODE and sslEnforce fall back to a
    // connection in the clear when the server offers no TLS.
    options["sslCA"] = sql::SQLString(address.ca_file);
    options["sslVerify"] = true;
  }
  return options;
}

// One round trip. SET NAMES because the driver leaves collation_connection at its own default.
// innodb_snapshot_isolation turns a lost update under a snapshot into error 1020, which is retried.
std::string session_settings(const SessionLimits& limits) {
  return fmt::format(
      "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_520_ci, SESSION"
      " sql_mode='TRADITIONAL,ONLY_FULL_GROUP_BY,NO_ENGINE_SUBSTITUTION', autocommit=1,"
      " time_zone='+00:00', tx_isolation='READ-COMMITTED', max_statement_time={},"
      " innodb_lock_wait_timeout={}, innodb_snapshot_isolation=ON",
      limits.statement.count(), kLockWaitSeconds);
}

// The first word in capitals, after white space.
std::string first_word(std::string_view sql) {
  std::string word;
  for (const char c : sql) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      word += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    } else if (!word.empty() || std::isspace(static_cast<unsigned char>(c)) == 0) {
      break;
    }
  }
  return word;
}

// The shortest text that reads back as the same number; the driver's own is "%f".
template <class Real>
std::string exact_text(Real value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return std::string(buffer, end);
}

// `type` is the driver's sql::DataType, `column` counts from 1.
std::optional<std::string> read_cell(sql::ResultSet& results, unsigned column, int type) {
  if (results.isNull(column)) return std::nullopt;
  if (type == sql::DataType::DOUBLE) {
    return exact_text(static_cast<double>(results.getDouble(column)));
  }
  if (type == sql::DataType::REAL) {
    return exact_text(static_cast<float>(results.getDouble(column)));
  }
  sql::SQLString text = results.getString(column);
  return std::move(*text.operator->());
}

std::vector<std::vector<std::optional<std::string>>> read_cells(sql::ResultSet& results) {
  const auto metadata = results.getMetaData();
  std::vector<int> types(metadata->getColumnCount());
  for (unsigned i = 0; i < types.size(); ++i) types[i] = metadata->getColumnType(i + 1);
  std::vector<std::vector<std::optional<std::string>>> rows;
  rows.reserve(results.rowsCount());
  while (results.next()) {
    auto& cells = rows.emplace_back();
    cells.reserve(types.size());
    for (unsigned i = 0; i < types.size(); ++i) {
      cells.push_back(read_cell(results, i + 1, types[i]));
    }
  }
  return rows;
}

void bind(sql::PreparedStatement& statement, unsigned position, const Parameter& parameter) {
  switch (parameter.kind()) {
    case Parameter::Kind::null:
      statement.setNull(position, sql::DataType::SQLNULL);
      return;
    case Parameter::Kind::integer:
      // Never setUInt64: the driver keeps the unsigned mark for the values bound later.
      statement.setInt64(position, parameter.integer());
      return;
    case Parameter::Kind::real:
      statement.setDouble(position, parameter.real());
      return;
    case Parameter::Kind::text:
      // Also for bytes: setBlob keeps a stream that a second run would find empty.
      statement.setString(position,
                          sql::SQLString(parameter.text().data(), parameter.text().size()));
      return;
  }
}

}  // namespace

class Connection::Impl {
 public:
  Impl(const DatabaseAddress& address, SessionLimits limits);

  Rows query(std::string_view sql, const std::vector<Parameter>& parameters);
  std::int64_t execute(std::string_view sql, const std::vector<Parameter>& parameters);
  void run(const std::string& sql);
  bool usable();

  bool broken = false;
  bool in_transaction = false;
  std::uint64_t statements = 0;

 private:
  void open(const sql::ConnectOptionsMap& options, const SessionLimits& limits);
  void open_first_writable(const DatabaseAddress& address, const SessionLimits& limits);
  void refuse_read_only();
  sql::PreparedStatement& prepare(std::string_view sql, const std::vector<Parameter>& parameters);
  void admit(std::string_view sql);
  [[noreturn]] void fail(const sql::SQLException& error, std::string_view sql);

  bool conflicted_ = false;  // the open transaction met a Conflict
  std::unique_ptr<sql::Connection> session_;
  std::unique_ptr<sql::Statement> text_statement_;
  StatementCache cache_;
};

Connection::Impl::Impl(const DatabaseAddress& address, SessionLimits limits) {
  constexpr std::string_view kConnecting = "connecting";
  try {
    if (address.socket.empty()) {
      open_first_writable(address, limits);
      return;
    }
    sql::ConnectOptionsMap options = connect_options(address, limits);
    options["hostName"] = sql::SQLString("localhost");
    options["socket"] = sql::SQLString(address.socket);
    open(options, limits);
  } catch (const sql::SQLException& error) {
    if (error.getErrorCode() == kUnknownVariable) {
      throw Error(kUnknownVariable,
                  fmt::format("the database server is too old or not MariaDB; MariaDB 10.11 from "
                              "10.11.8 on is needed ({})",
                              error.what()));
    }
    throw_storage_error(error, kConnecting);
  }
}

void Connection::Impl::open_first_writable(const DatabaseAddress& address,
                                           const SessionLimits& limits) {
  for (std::size_t i = 0; i < address.hosts.size(); ++i) {
    sql::ConnectOptionsMap options = connect_options(address, limits);
    options["hostName"] = sql::SQLString("tcp://" + address.hosts[i].first);
    options["port"] = static_cast<int>(address.hosts[i].second);
    try {
      open(options, limits);
      if (address.hosts.size() > 1) refuse_read_only();
      return;
    } catch (const sql::SQLException& error) {
      // A wrong password is not cured by another host; silence and lost quorum may be.
      const bool next = classify(error.getErrorCode()) == Trouble::unavailable;
      if (!next || i + 1 == address.hosts.size()) throw;
    }
  }
  throw Unavailable(0, "the database address names no host");
}

void Connection::Impl::open(const sql::ConnectOptionsMap& options, const SessionLimits& limits) {
  text_statement_.reset();
  sql::ConnectOptionsMap copy = options;  // the driver writes into it
  session_.reset(driver().connect(copy));
  text_statement_.reset(session_->createStatement());
  text_statement_->execute(session_settings(limits));
}

// A replica, or a node of a cluster without quorum (which answers 1047), takes no writes.
void Connection::Impl::refuse_read_only() {
  const std::unique_ptr<sql::ResultSet> results(
      text_statement_->executeQuery("SELECT @@global.read_only"));
  if (results->next() && results->getInt(1) != 0) {
    throw sql::SQLException("the host is read-only", "HY000", 1290);
  }
}

Rows Connection::Impl::query(std::string_view sql, const std::vector<Parameter>& parameters) {
  admit(sql);
  try {
    sql::PreparedStatement& statement = prepare(sql, parameters);
    const bool with_rows = statement.execute();
    ++statements;
    if (!with_rows) throw Error(0, fmt::format("no rows come from: {}", sql));
    const std::unique_ptr<sql::ResultSet> results(statement.getResultSet());
    Rows rows;
    *rows.rows_ = read_cells(*results);
    return rows;
  } catch (const sql::SQLException& error) {
    fail(error, sql);
  }
}

std::int64_t Connection::Impl::execute(std::string_view sql,
                                       const std::vector<Parameter>& parameters) {
  admit(sql);
  try {
    sql::PreparedStatement& statement = prepare(sql, parameters);
    const int changed = statement.executeUpdate();
    ++statements;
    if (changed < 0) {
      // There are rows; left unread they would block the session.
      const std::unique_ptr<sql::ResultSet> unread(statement.getResultSet());
      throw Error(0, fmt::format("rows come from: {}", sql));
    }
    return changed;
  } catch (const sql::SQLException& error) {
    fail(error, sql);
  }
}

void Connection::Impl::run(const std::string& sql) {
  const std::string verb = first_word(sql);
  const bool ends = verb == "COMMIT" || verb == "ROLLBACK";
  if (verb != "ROLLBACK") admit(sql);
  try {
    if (text_statement_->execute(sql)) {
      const std::unique_ptr<sql::ResultSet> unread(text_statement_->getResultSet());
    }
    ++statements;
  } catch (const sql::SQLException& error) {
    fail(error, sql);
  }
  if (verb == "BEGIN" || verb == "START") in_transaction = true;
  if (ends && sql.find("SAVEPOINT") == std::string::npos &&
      first_word(std::string_view(sql).substr(verb.size())) != "TO") {
    in_transaction = false;
    conflicted_ = false;
  }
}

sql::PreparedStatement& Connection::Impl::prepare(std::string_view sql,
                                                  const std::vector<Parameter>& parameters) {
  StatementCache::Entry& entry = cache_.prepare(*session_, sql);
  if (entry.parameters != parameters.size()) {
    throw Error(
        0, fmt::format("{} values for {} places in: {}", parameters.size(), entry.parameters, sql));
  }
  unsigned position = 0;
  for (const Parameter& parameter : parameters) bind(*entry.statement, ++position, parameter);
  return *entry.statement;
}

void Connection::Impl::admit(std::string_view sql) {
  if (broken) throw Unavailable(2006, fmt::format("the session is gone, in: {}", sql));
  if (conflicted_) {
    throw Conflict(1213, fmt::format("the transaction met a conflict before: {}", sql));
  }
}

void Connection::Impl::fail(const sql::SQLException& error, std::string_view sql) {
  const int code = error.getErrorCode();
  if (session_lost(code)) broken = true;
  if (statements_stale(code)) cache_.clear();
  if (in_transaction && classify(code) == Trouble::conflict) conflicted_ = true;
  throw_storage_error(error, sql);
}

bool Connection::Impl::usable() {
  if (broken) return false;
  try {
    text_statement_->execute("DO 1");  // a ping is answered even by a node without quorum
    return true;
  } catch (const sql::SQLException&) {
    broken = true;
    return false;
  }
}

Connection::Connection(const DatabaseAddress& address, SessionLimits limits)
    : impl_(std::make_unique<Impl>(address, limits)) {}

Connection::~Connection() = default;

Rows Connection::query(std::string_view sql, const std::vector<Parameter>& parameters) {
  return impl_->query(sql, parameters);
}

std::int64_t Connection::execute(std::string_view sql, const std::vector<Parameter>& parameters) {
  return impl_->execute(sql, parameters);
}

std::int64_t Connection::insert(std::string_view sql, const std::vector<Parameter>& parameters) {
  const Rows rows = impl_->query(sql, parameters);
  if (rows.size() != 1) throw Error(0, fmt::format("{} rows inserted by: {}", rows.size(), sql));
  return rows[0].integer(0);
}

void Connection::run(const std::string& sql) { impl_->run(sql); }

bool Connection::usable() { return impl_->usable(); }

bool Connection::broken() const { return impl_->broken; }

void Connection::mark_broken() { impl_->broken = true; }

bool Connection::in_transaction() const { return impl_->in_transaction; }

std::uint64_t Connection::statements() const { return impl_->statements; }

}  // namespace narada::storage
