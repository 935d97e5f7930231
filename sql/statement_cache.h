#pragma once

#include <cppconn/connection.h>
#include <cppconn/prepared_statement.h>

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace narada::storage {

// The prepared statements of one session, least recently used ones closed first: the server counts
// them over all sessions (max_prepared_stmt_count, 16382 by default) and refuses more with 1461.
class StatementCache {
 public:
  static constexpr std::size_t kCapacity = 200;

  struct Entry {
    std::string sql;
    std::unique_ptr<sql::PreparedStatement> statement;
    unsigned parameters = 0;
  };

  // Prepares the statement on `session` unless it is here. Valid until the next call. Throws
  // sql::SQLException.
  Entry& prepare(sql::Connection& session, std::string_view sql);
  void clear();
  std::size_t size() const { return entries_.size(); }

 private:
  Entry& insert(sql::Connection& session, std::string_view sql);

  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> index_;  // views into entries_
};

}  // namespace narada::storage
