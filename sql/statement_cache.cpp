#include "sql/statement_cache.h"

#include <cppconn/exception.h>
#include <cppconn/parameter_metadata.h>

namespace narada::storage {

namespace {

constexpr int kTooManyStatements = 1461;  // ER_MAX_PREPARED_STMT_COUNT_REACHED

}  // namespace

StatementCache::Entry& StatementCache::prepare(sql::Connection& session, std::string_view sql) {
  if (const auto found = index_.find(sql); found != index_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front();
  }
  if (entries_.size() >= kCapacity) {
    index_.erase(entries_.back().sql);
    entries_.pop_back();
  }
  try {
    return insert(session, sql);
  } catch (const sql::SQLException& error) {
    if (error.getErrorCode() != kTooManyStatements || entries_.empty()) throw;
    clear();  // other clients of the server fill its table; ours can be prepared again
    return insert(session, sql);
  }
}

void StatementCache::clear() {
  index_.clear();
  entries_.clear();
}

StatementCache::Entry& StatementCache::insert(sql::Connection& session, std::string_view sql) {
  Entry entry;
  entry.sql = std::string(sql);
  entry.statement.reset(session.prepareStatement(entry.sql));
  entry.parameters =
      static_cast<unsigned>(entry.statement->getParameterMetaData()->getParameterCount());
  entries_.push_front(std::move(entry));
  index_.emplace(entries_.front().sql, entries_.begin());
  return entries_.front();
}

}  // namespace narada::storage
