#include "sql/serving_account.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "sql/error.h"

namespace narada::storage {
namespace {

constexpr int kTableAccessDenied = 1142;   // ER_TABLEACCESS_DENIED_ERROR
constexpr int kColumnAccessDenied = 1143;  // ER_COLUMNACCESS_DENIED_ERROR
constexpr int kNoSuchGrant = 1141;         // ER_NONEXISTING_GRANT
constexpr int kNoSuchTableGrant = 1147;    // ER_NONEXISTING_TABLE_GRANT

// An account is 'user'@'host', as the server has chosen it for these connections.
std::string in_quotes(std::string_view text, char quote) {
  std::string all(1, quote);
  for (const char c : text) {
    if (c == quote) all += c;
    if (c == '\\' && quote == '\'') all += c;
    all += c;
  }
  return all + quote;
}

std::string account_of(Connection& connection) {
  const std::string account = connection.query("SELECT CURRENT_USER()")[0].text(0);
  const auto at = account.rfind('@');
  return in_quotes(account.substr(0, at), '\'') + '@' + in_quotes(account.substr(at + 1), '\'');
}

std::string_view rights_on(std::string_view table) {
  if (table == "activity") return "SELECT, INSERT";
  // The clause is evidence of what people accepted, and the list of migrations says what the tables
  // mean: both change by migrations alone.
  if (table == "schema_migration" || table == "information_clause") return "SELECT";
  return "SELECT, INSERT, UPDATE, DELETE";
}

std::vector<std::string> tables_of(Connection& connection) {
  constexpr std::string_view kSelect =
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
      "table_type = 'BASE TABLE' AND table_name <> 'migration_lease' ORDER BY table_name";
  std::vector<std::string> tables;
  const Rows rows = connection.query(kSelect);
  for (const auto row : rows) tables.push_back(row.text(0));
  return tables;
}

void revoke_schema_rights(Connection& owner, const std::string& schema,
                          const std::string& account) {
  for (const auto right : {"ALL PRIVILEGES", "GRANT OPTION"}) {
    try {
      owner.run(fmt::format("REVOKE {} ON {}.* FROM {}", right, schema, account));
    } catch (const Error& error) {
      if (error.code() != kNoSuchGrant) throw;
    }
  }
}

bool may_run(Connection& connection, std::string_view statement) {
  try {
    connection.execute(statement);
    return true;
  } catch (const Error& error) {
    if (error.code() != kTableAccessDenied && error.code() != kColumnAccessDenied) throw;
    return false;
  }
}

bool may_change_log(Connection& connection) {
  return may_run(connection, "DELETE FROM activity WHERE FALSE") ||
         may_run(connection, "UPDATE activity SET details = details WHERE FALSE");
}

// Takes what was granted on the table itself by hand or by an earlier version.
void revoke_table_rights(Connection& owner, const std::string& table, const std::string& account) {
  try {
    owner.run(
        fmt::format("REVOKE UPDATE, DELETE, DROP, ALTER, TRIGGER ON {} FROM {}", table, account));
  } catch (const Error& error) {
    if (error.code() != kNoSuchGrant && error.code() != kNoSuchTableGrant) throw;
  }
}

}  // namespace

bool grant_serving_rights(Pool& owner, const DatabaseAddress& serving) {
  // Before the first grant it may not enter the schema.
  DatabaseAddress outside = serving;
  outside.schema.clear();
  Connection visitor(outside);
  const std::string account = account_of(visitor);
  const bool granted = owner.read([&](Connection& connection) {
    if (account_of(connection) == account) return false;
    const std::string schema = in_quotes(serving.schema, '`');
    for (const auto& table : tables_of(connection)) {
      connection.run(fmt::format("GRANT {} ON {}.{} TO {}", rights_on(table), schema,
                                 in_quotes(table, '`'), account));
    }
    revoke_schema_rights(connection, schema, account);
    revoke_table_rights(connection, schema + ".activity", account);
    return true;
  });
  if (!granted) return false;
  Connection entered(serving);
  if (may_change_log(entered)) {
    throw Error(0, "the account " + account +
                       " of NARADA_DATABASE may change the activity log by rights that the "
                       "owner cannot take back (on every schema, or to a role): revoke them");
  }
  return true;
}

bool is_log_append_only(Pool& pool) {
  return pool.read([](Connection& connection) { return !may_change_log(connection); });
}

}  // namespace narada::storage
