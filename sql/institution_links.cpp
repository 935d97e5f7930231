// Which rows refer to an institution, and how they change hands.

#include <algorithm>
#include <set>

#include "sql/error.h"
#include "sql/institution_link_locks.h"
#include "sql/institution_merge_store.h"
#include "sql/institution_tables.h"

namespace narada::storage {
namespace {

using domain::InstitutionId;
constexpr std::size_t kMeaning = 4;  // columns of LinkTable::meaning

std::string join(const Columns& columns, std::string_view before, std::string_view after,
                 std::string_view between) {
  std::string text;
  for (const auto column : columns) {
    if (!text.empty()) text += between;
    text.append(before).append(column).append(after);
  }
  return text;
}

// ", ?" as often.
std::string placeholders(std::size_t count) {
  std::string text;
  for (std::size_t index = 0; index < count; ++index) text += ", ?";
  return text;
}

std::string also(const LinkTable& table, std::string_view alias = "") {
  return table.only.empty() ? std::string()
                            : " AND " + std::string(alias) + std::string(table.only);
}

// "b.cycle_id = a.cycle_id AND b.role = a.role"
std::string agreement(const LinkTable& table) {
  std::string text;
  for (const auto column : table.same) {
    if (!text.empty()) text += " AND ";
    text.append("b.").append(column).append(" = a.").append(column);
  }
  return text;
}

// Rows `a` of one institution with the rows `b` of another that say the same.
std::string pairs(const LinkTable& table) {
  const std::string name(table.name);
  const std::string owner(table.owner);
  return " FROM " + name + " a JOIN " + name + " b ON " + agreement(table) + " AND b." + owner +
         " = ?" + also(table, "b.") + " WHERE a." + owner + " = ?" + also(table, "a.");
}

Cells cells_of(const Rows::Row& row, std::size_t begin, std::size_t count) {
  Cells cells;
  for (std::size_t index = begin; index < begin + count; ++index) {
    cells.push_back(row.find_text(index));
  }
  return cells;
}

std::vector<Parameter> parameters_of(std::initializer_list<Parameter> first, const Cells& cells) {
  std::vector<Parameter> parameters(first);
  parameters.insert(parameters.end(), cells.begin(), cells.end());
  return parameters;
}

// The cells of some of a table's columns, of a row of all.
Cells pick(const Columns& all, const Columns& wanted, const Cells& row) {
  Cells cells;
  for (const auto column : wanted) {
    const auto at = std::find(all.begin(), all.end(), column) - all.begin();
    cells.push_back(row.at(static_cast<std::size_t>(at)));
  }
  return cells;
}

// Rows of `from` that say what one of `into` says go; a place before the other's is handed on.
void drop_same(Connection& connection, const LinkTable& table, InstitutionId from,
               InstitutionId into, MovedRows& rows) {
  const Columns columns = table.columns();
  const std::string select = "SELECT " + join(columns, "a.", "", ", ") +
                             (table.ordered ? ", b.position" : "") + pairs(table);
  const std::string remove = "DELETE FROM " + std::string(table.name) + " WHERE " +
                             std::string(table.owner) + " = ? AND " +
                             join(table.key, "", " = ?", " AND ") + also(table);
  const std::string raise = "UPDATE " + std::string(table.name) + " SET position = ? WHERE " +
                            std::string(table.owner) + " = ? AND " +
                            join(table.same, "", " = ?", " AND ");
  for (const auto row : connection.query(select, {into, from})) {
    Cells whole = cells_of(row, 0, columns.size());
    connection.execute(remove, parameters_of({from}, pick(columns, table.key, whole)));
    if (table.ordered) {
      const auto place = pick(columns, {"position"}, whole).front();
      const std::int64_t held = row.integer(columns.size());
      if (std::stoll(place.value_or("0")) < held) {
        Cells raised = pick(columns, table.same, whole);
        connection.execute(raise, parameters_of({place, into}, raised));
        raised.insert(raised.end(), {std::to_string(held), place});
        rows.raised.push_back(std::move(raised));
      }
    }
    rows.dropped.push_back(std::move(whole));
  }
}

// Writes behind each row what its key stands for.
void add_meaning(Connection& connection, const LinkTable& table, std::vector<Cells>& rows) {
  if (table.meaning.empty()) return;
  for (Cells& row : rows) {
    const Rows found = connection.query(table.meaning, {row.front()});
    const Cells meaning = cells_of(found[0], 0, kMeaning);
    row.insert(row.end(), meaning.begin(), meaning.end());
  }
}

void add_meaning(Connection& connection, const LinkTable& table, MovedRows& rows) {
  for (auto* list : {&rows.moved, &rows.dropped, &rows.raised}) {
    add_meaning(connection, table, *list);
  }
}

Cells meaning_of(const Cells& row) { return Cells(row.end() - kMeaning, row.end()); }

// The rows with the keys that stand now for what theirs stood for; without those that have none.
// Two rows that mean the same get two keys.
std::vector<Cells> with_present_keys(Connection& connection, const LinkTable& table,
                                     const std::vector<Cells>& rows, InstitutionId owner) {
  if (table.meaning.empty()) return rows;
  std::vector<Cells> present;
  std::set<std::string> used;
  for (Cells row : rows) {
    auto parameters = parameters_of({}, meaning_of(row));
    parameters.emplace_back(owner);
    for (const auto found : connection.query(table.find_keys, parameters)) {
      if (!used.insert(found.text(0)).second) continue;
      row.front() = found.text(0);
      row.resize(row.size() - kMeaning);
      present.push_back(std::move(row));
      break;
    }
  }
  return present;
}

std::string next_version(const LinkTable& table) {
  return table.versioned ? ", version = version + 1" : "";
}

MovedRows move_rows(Connection& connection, const LinkTable& table, InstitutionId from,
                    InstitutionId into) {
  MovedRows rows;
  rows.table = table.name;
  if (!table.same.empty()) drop_same(connection, table, from, into, rows);
  const std::string of_one = " WHERE " + std::string(table.owner) + " = ?" + also(table);
  const Columns identity = table.identity();
  const std::string select = "SELECT " + join(identity, "", "", ", ") + " FROM " +
                             std::string(table.name) + of_one + " ORDER BY " +
                             join(table.key, "", "", ", ") + " FOR UPDATE";
  for (const auto row : connection.query(select, {from})) {
    rows.moved.push_back(cells_of(row, 0, identity.size()));
  }
  add_meaning(connection, table, rows);
  if (rows.moved.empty()) return rows;
  const std::string update = "UPDATE " + std::string(table.name) + " SET " +
                             std::string(table.owner) + " = ?" + next_version(table) + of_one;
  connection.execute(update, {into, from});
  return rows;
}

// Whether it is back.
bool give_back_one(Connection& connection, const std::string& statement,
                   const std::vector<Parameter>& parameters) {
  try {
    return connection.execute(statement, parameters) > 0;
  } catch (const Duplicate&) {
    return true;  // it has got such a row of its own meanwhile
  }
}

// A thousand at a time: people and registrations of a city are many.
std::size_t give_back_by_id(Connection& connection, const LinkTable& table,
                            const std::vector<Cells>& moved, InstitutionId from,
                            InstitutionId into) {
  constexpr std::size_t kAtOnce = 1000;
  const std::string update =
      "UPDATE " + std::string(table.name) + " SET " + std::string(table.owner) + " = ?" +
      next_version(table) + " WHERE " + std::string(table.owner) +
      " = ? AND id IN (SELECT j.id FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) j)";
  std::size_t back = 0;
  for (std::size_t begin = 0; begin < moved.size(); begin += kAtOnce) {
    std::string ids = "[";
    for (std::size_t index = begin; index < std::min(moved.size(), begin + kAtOnce); ++index) {
      if (ids.size() > 1) ids += ',';
      ids += moved[index].at(0).value_or("0");
    }
    back += static_cast<std::size_t>(connection.execute(update, {from, into, ids + ']'}));
  }
  return back;
}

std::size_t give_back_moved(Connection& connection, const LinkTable& table,
                            const std::vector<Cells>& moved, InstitutionId from,
                            InstitutionId into) {
  if (table.same.empty() && table.key == Columns{"id"}) {
    return give_back_by_id(connection, table, moved, from, into);
  }
  // One row for each: two places may read the same.
  const std::string update = "UPDATE " + std::string(table.name) + " SET " +
                             std::string(table.owner) + " = ? WHERE " + std::string(table.owner) +
                             " = ?" + also(table) + " AND " + join(table.key, "", " = ?", " AND ") +
                             " LIMIT 1";
  std::size_t back = 0;
  for (const Cells& row : moved) {
    const Cells key = pick(table.identity(), table.key, row);
    if (give_back_one(connection, update, parameters_of({from, into}, key))) ++back;
  }
  return back;
}

// What was dropped comes back only where the row that said the same is still there.
std::size_t give_back_dropped(Connection& connection, const LinkTable& table,
                              const std::vector<Cells>& dropped, InstitutionId from,
                              InstitutionId into) {
  const Columns columns = table.columns();
  const std::string insert = "INSERT INTO " + std::string(table.name) + " (" +
                             std::string(table.owner) + ", " + join(columns, "", "", ", ") +
                             ") SELECT ?" + placeholders(columns.size()) +
                             " FROM DUAL WHERE EXISTS (SELECT 1 FROM " + std::string(table.name) +
                             " WHERE " + std::string(table.owner) + " = ?" + also(table) + " AND " +
                             join(table.same, "", " = ?", " AND ") + ")";
  std::size_t back = 0;
  for (const Cells& row : dropped) {
    auto parameters = parameters_of({from}, row);
    parameters.emplace_back(into);
    const Cells same = pick(columns, table.same, row);
    parameters.insert(parameters.end(), same.begin(), same.end());
    if (give_back_one(connection, insert, parameters)) ++back;
  }
  return back;
}

void lower_raised(Connection& connection, const LinkTable& table, const std::vector<Cells>& raised,
                  InstitutionId into) {
  const std::string lower = "UPDATE " + std::string(table.name) + " SET position = ? WHERE " +
                            std::string(table.owner) + " = ? AND " +
                            join(table.same, "", " = ?", " AND ") + " AND position = ?";
  for (const Cells& row : raised) {
    const std::size_t count = table.same.size();
    const Cells same(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(count));
    auto parameters = parameters_of({row.at(count), into}, same);
    parameters.emplace_back(row.at(count + 1));
    connection.execute(lower, parameters);
  }
}

// How many of them did not go back.
std::size_t give_back_rows(Connection& connection, const LinkTable& table, const MovedRows& rows,
                           InstitutionId from, InstitutionId into) {
  const auto present = [&](const std::vector<Cells>& list) {
    return with_present_keys(connection, table, list, into);
  };
  std::size_t back = give_back_dropped(connection, table, present(rows.dropped), from, into);
  lower_raised(connection, table, present(rows.raised), into);
  back += give_back_moved(connection, table, present(rows.moved), from, into);
  return rows.dropped.size() + rows.moved.size() - back;
}

const LinkTable& table_of(const MovedRows& rows) {
  for (const LinkTable& table : link_tables()) {
    if (table.name == rows.table) return table;
  }
  throw Error(0, "a merge moved rows of \"" + rows.table + '"');
}

}  // namespace

std::vector<LinkCount> count_links(Connection& connection, InstitutionId from, InstitutionId into) {
  std::string sql;
  std::vector<Parameter> parameters;
  for (const LinkTable& table : link_tables()) {
    if (!sql.empty()) sql += " UNION ALL ";
    sql += "SELECT '" + std::string(table.name) + "', (SELECT COUNT(*) FROM " +
           std::string(table.name) + " WHERE " + std::string(table.owner) + " = ?" + also(table) +
           "), ";
    parameters.emplace_back(from);
    if (table.same.empty()) {
      sql += '0';
    } else {
      sql += "(SELECT COUNT(*)" + pairs(table) + ')';
      parameters.insert(parameters.end(), {into, from});
    }
  }
  std::vector<LinkCount> counts;
  for (const auto row : connection.query(sql, parameters)) {
    counts.push_back({row.text(0), row.small_integer(1), row.small_integer(2)});
  }
  return counts;
}

std::vector<MovedRows> move_links(Connection& connection, InstitutionId from, InstitutionId into) {
  lock_things(connection, from, from);
  raise_versions(connection, from);
  unite_delegations(connection, from, into);
  std::vector<MovedRows> moved;
  for (const LinkTable& table : link_tables()) {
    MovedRows rows = move_rows(connection, table, from, into);
    if (!rows.nothing()) moved.push_back(std::move(rows));
  }
  return moved;
}

int give_back_links(Connection& connection, const std::vector<MovedRows>& moved, InstitutionId from,
                    InstitutionId into) {
  lock_things(connection, from, into);
  std::size_t left = 0;
  const auto give_back = [&](bool versioned) {
    for (const MovedRows& rows : moved) {
      const LinkTable& table = table_of(rows);
      if (table.versioned != versioned) continue;
      left += give_back_rows(connection, table, rows, from, into);
    }
  };
  // Meetings are locked before the registrations.
  give_back(false);
  raise_versions(connection, from);
  give_back(true);
  return static_cast<int>(left);
}

bool leans_on(const std::vector<MovedRows>& later, const std::vector<MovedRows>& earlier) {
  for (const MovedRows& dropping : later) {
    const LinkTable& table = table_of(dropping);
    for (const MovedRows& moving : earlier) {
      if (moving.table != dropping.table) continue;
      const auto said = [&](const Columns& columns, const Cells& row) {
        return table.meaning.empty() ? pick(columns, table.same, row) : meaning_of(row);
      };
      std::set<Cells> moved;
      for (const Cells& row : moving.moved) moved.insert(said(table.identity(), row));
      for (const Cells& row : dropping.dropped) {
        if (moved.count(said(table.columns(), row)) > 0) return true;
      }
    }
  }
  return false;
}

std::vector<LinkColumn> link_columns() {
  std::vector<LinkColumn> columns;
  for (const LinkTable& table : link_tables())
    columns.push_back({table.name, table.owner, table.only});
  return columns;
}

}  // namespace narada::storage
