#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/time.h"

namespace narada::storage {

// Where the database is and how to get in. Parsed from NARADA_DATABASE:
// mysql://user:password@host[:port][,host[:port]…]/name[?ca=/path.pem], or
// mysql://user@localhost/name?socket=/path.
struct DatabaseAddress {
  std::vector<std::pair<std::string, std::uint16_t>> hosts;  // tried in order
  std::string socket;
  std::string user;
  std::string password;
  std::string schema;
  std::string ca_file;  // set: TLS, verified, or no connection at all
};
// Throws std::invalid_argument with one clear line.
DatabaseAddress parse_database_address(std::string_view url);

// A bound parameter. Integers travel as int64 only, instants as UTC DATETIME(0), wall times as
// DATETIME(0), bytes and text as they are.
class Parameter {
 public:
  enum class Kind { null, integer, real, text };
  Parameter(std::nullptr_t) {}
  Parameter(std::nullopt_t) {}
  template <std::integral T>
  Parameter(T value) : kind_(Kind::integer), integer_(checked(value)) {}
  Parameter(double value) : kind_(Kind::real), real_(value) {}
  Parameter(std::string_view value) : kind_(Kind::text), text_(value) {}
  Parameter(const std::string& value) : kind_(Kind::text), text_(value) {}
  Parameter(const char* value) : kind_(Kind::text), text_(value) {}
  Parameter(domain::Instant value);
  Parameter(domain::WallTime value);
  Parameter(domain::Date value);
  template <class Tag>
  Parameter(domain::Id<Tag> id) : Parameter(id.value) {}
  template <class T>
  Parameter(const std::optional<T>& value) {
    if (value) *this = Parameter(*value);
  }

  Kind kind() const { return kind_; }
  std::int64_t integer() const { return integer_; }
  double real() const { return real_; }
  std::string_view text() const { return text_; }

 private:
  template <std::integral T>
  static std::int64_t checked(T value) {
    if constexpr (sizeof(T) == 8 && std::unsigned_integral<T>) {
      if (value > static_cast<T>(INT64_MAX)) throw_out_of_range();
    }
    return static_cast<std::int64_t>(value);
  }
  [[noreturn]] static void throw_out_of_range();

  Kind kind_ = Kind::null;
  std::int64_t integer_ = 0;
  double real_ = 0;
  std::string text_;
};

// The rows of one statement, all of them read when the statement ran: nothing stays open on the
// connection. Columns count from 0 in the order of the SELECT list.
class Rows {
  using Cells = std::vector<std::optional<std::string>>;

 public:
  // Keeps what it shows alive, so query(…)[0] may outlive the Rows it came from.
  class Row {
   public:
    bool is_null(std::size_t column) const { return !cells_->at(column).has_value(); }
    // Throw storage::Error when the cell is NULL or not of that shape.
    std::int64_t integer(std::size_t column) const;
    int small_integer(std::size_t column) const;
    bool boolean(std::size_t column) const { return integer(column) != 0; }
    double real(std::size_t column) const;
    const std::string& text(std::size_t column) const;
    domain::Instant instant(std::size_t column) const;
    domain::WallTime wall_time(std::size_t column) const;
    domain::Date date(std::size_t column) const;
    // NULL is absence.
    std::optional<std::int64_t> find_integer(std::size_t column) const;
    std::optional<double> find_real(std::size_t column) const;
    std::optional<std::string> find_text(std::size_t column) const;
    std::optional<domain::Instant> find_instant(std::size_t column) const;
    std::optional<domain::WallTime> find_wall_time(std::size_t column) const;
    std::string text_or_empty(std::size_t column) const;
    template <class IdType>
    IdType id(std::size_t column) const {
      return IdType{integer(column)};
    }
    template <class IdType>
    std::optional<IdType> find_id(std::size_t column) const {
      if (is_null(column)) return std::nullopt;
      return IdType{integer(column)};
    }

   private:
    friend class Rows;
    explicit Row(std::shared_ptr<const Cells> cells) : cells_(std::move(cells)) {}
    std::shared_ptr<const Cells> cells_;
  };

  std::size_t size() const { return rows_->size(); }
  bool empty() const { return rows_->empty(); }
  Row operator[](std::size_t index) const {
    return Row(std::shared_ptr<const Cells>(rows_, &rows_->at(index)));
  }

  class Iterator {
   public:
    Iterator(const Rows* rows, std::size_t index) : rows_(rows), index_(index) {}
    Row operator*() const { return (*rows_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const Rows* rows_;
    std::size_t index_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

 private:
  friend class Connection;
  std::shared_ptr<std::vector<Cells>> rows_ = std::make_shared<std::vector<Cells>>();
};

// How long one statement may take: the server ends it after `statement` (0: never), and the socket
// gives up on the server after `silence`.
struct SessionLimits {
  std::chrono::seconds statement{20};
  std::chrono::seconds silence{30};
};

// One session with the server: UTC, utf8mb4, READ COMMITTED, strict. Belongs to one thread at a
// time. Every error is a storage::Error.
class Connection {
 public:
  // Connects to the first host that answers and takes writes.
  explicit Connection(const DatabaseAddress& address, SessionLimits limits = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // A prepared statement with rows: SELECT, or INSERT … RETURNING.
  Rows query(std::string_view sql, const std::vector<Parameter>& parameters = {});
  // A prepared statement without rows; the number of rows changed.
  std::int64_t execute(std::string_view sql, const std::vector<Parameter>& parameters = {});
  // INSERT … RETURNING id.
  std::int64_t insert(std::string_view sql, const std::vector<Parameter>& parameters = {});
  // One statement as text, without parameters: DDL, BEGIN, COMMIT, SET.
  void run(const std::string& sql);

  bool usable();        // asks the server
  bool broken() const;  // an earlier error says the session is gone
  void mark_broken();
  // BEGIN has run, COMMIT or ROLLBACK not yet. After a Conflict only ROLLBACK runs: the server may
  // have undone the transaction already, and what followed would commit by itself, one by one.
  bool in_transaction() const;
  std::uint64_t statements() const;  // how many have run here, for tests that count them

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace narada::storage
