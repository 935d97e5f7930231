#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/unavailable.h"
#include "sql/connection.h"
#include "sql/pool.h"

namespace narada::usecases {

// Reads outside a transaction: `work` takes a connection and may run again on another one. Throws
// Unavailable when the database cannot be reached.
template <class Work>
auto read_database(const Environment& environment, Work work) {
  try {
    return environment.pool->read(std::move(work));
  } catch (const storage::Unavailable& error) {
    throw Unavailable(error.what());
  }
}

// One write that happens once, however often it is asked for and whatever dies in between. Its row
// in `operation` is written in the transaction of the write. By that row a COMMIT whose answer was
// lost is looked up, and a call with an Idempotency-Key that came before gets the first result. The
// stored result can only be read with the caller's key, of which the database keeps a digest, and
// with the key of the installation, which it does not have. It goes when its person is forgotten.
class Operation {
 public:
  Operation(const Environment& environment, const Call& call, std::string_view kind);

  enum class End {
    done,       // committed now
    refused,    // `attempt` returned false: rolled back, nothing stays
    earlier,    // the same request came before: see earlier_result()
    reused,     // the key came before with another request: nothing stays
    forgotten,  // the same request came before, and whom its result was about has been erased
    rehearsed,  // the call was a rehearsal: rolled back, nothing stays
  };
  // What is stored of an attempt, and whom it is about, if it tells anything of a person.
  struct Result {
    std::string text;
    std::optional<domain::PersonId> person = {};
  };
  // Runs `attempt` in a transaction, again after conflicts and lost connections. It returns the
  // result to be stored, or absence to roll back. Throws Unavailable when the database
  // cannot be reached and nothing stays, OutcomeUnknown when it cannot be reached to learn whether
  // something does, and other storage::Errors as they come.
  using Attempt = std::function<std::optional<Result>(storage::Connection&)>;
  End run(const Attempt& attempt);

  // True when the caller named a key, so that the result text will ever be read.
  bool is_replayable() const { return !sealing_key_.empty(); }
  // Precondition: run() returned End::earlier.
  const std::string& earlier_result() const { return earlier_result_; }

 private:
  enum class Found { absent, same, other, forgotten };
  static End end_of(Found found);
  Found find_earlier();
  std::optional<End> run_transaction(const Attempt& attempt);
  void record(storage::Connection& connection, const Result& result) const;

  const Environment& environment_;
  std::string id_;            // 32 bytes
  std::string request_hash_;  // 32 bytes
  std::string sealing_key_;   // empty without an Idempotency-Key
  std::string kind_;
  std::string earlier_result_;
  Rehearsal* rehearsal_;
};

// True for every result: the call wrote something.
struct AlwaysWrote {
  template <class T>
  bool operator()(const T&) const {
    return true;
  }
};

// For results that tell nothing of a person.
struct AboutNobody {
  template <class T>
  std::optional<domain::PersonId> operator()(const T&) const {
    return std::nullopt;
  }
};

// Runs `work` once as an operation of that kind ("register_person"). `work` takes the connection of
// the transaction and returns an Outcome<T>: a failure rolls everything back. It may run several
// times, so it changes nothing but the database and its result. `serialize` makes a text of a T and
// `parse` the same T of that text; both run only for calls with an Idempotency-Key. `wrote` is
// false for a result that nothing was written for: then, without a key, nothing is committed.
// `about` is whom the text tells of: once they are erased, the same call gets Conflict "forgotten".
template <class T, class Work, class Serialize, class Parse, class Wrote = AlwaysWrote,
          class About = AboutNobody>
domain::Outcome<T> run_once(const Environment& environment, const Call& call, std::string_view kind,
                            Work work, Serialize serialize, Parse parse, Wrote wrote = {},
                            About about = {}) {
  Operation operation(environment, call, kind);
  std::optional<domain::Outcome<T>> outcome;
  const auto end = operation.run([&](storage::Connection& connection) {
    outcome.emplace(work(connection));
    std::optional<Operation::Result> result;
    if (!outcome->ok()) return result;
    if (operation.is_replayable()) {
      result = Operation::Result{serialize(outcome->value()), about(outcome->value())};
    } else if (wrote(outcome->value())) {
      result.emplace();
    }
    return result;
  });
  if (end == Operation::End::reused) return domain::OperationReused{};
  if (end == Operation::End::forgotten) return domain::Conflict{"forgotten"};
  if (end == Operation::End::earlier) return T(parse(operation.earlier_result()));
  return std::move(*outcome);
}

// For results that are one id: `run_once_for_id<domain::MeetingId>(environment, call, kind, work)`.
template <class IdType, class Work>
domain::Outcome<IdType> run_once_for_id(const Environment& environment, const Call& call,
                                        std::string_view kind, Work work) {
  return run_once<IdType>(
      environment, call, kind, std::move(work), [](IdType id) { return std::to_string(id.value); },
      [](const std::string& text) { return IdType{std::stoll(text)}; });
}

}  // namespace narada::usecases
