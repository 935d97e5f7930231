#include "service/usecases/operations.h"

#include <sodium.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "service/identity/sealing.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/meetings/change_preview.h"
#include "sql/error.h"
#include "sql/operation_store.h"

namespace narada::usecases {
namespace {

// Leave run_transaction through the pool, which rolls back.
struct AttemptRefused {};
struct OperationTaken {};
struct AttemptRehearsed {};

// How often an unknown COMMIT is looked up, and how long a lookup may find the database away.
constexpr int kMostRuns = 8;
constexpr int kMostLookups = 20;
constexpr std::chrono::milliseconds kBetweenLookups{100};

// Each part with its length before it, so that no two lists of parts give the same text.
std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const auto part : parts) {
    text += std::to_string(part.size());
    text += ':';
    text += part;
  }
  return text;
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL;

// The caller's key may be short and guessed, so the installation's is needed as well, where there
// is one.
std::string make_sealing_key(const Environment& environment, const std::string& parts) {
  if (environment.secret_key.empty()) return hash_token(parts);
  return identity::keyed_digest(parts, environment.secret_key);
}

// The result as the table keeps it, sealed and in base64: readable only with the key made of the
// caller's Idempotency-Key.
std::string seal(const std::string& text, const std::string& key) {
  const std::string sealed = identity::seal(text, key);
  std::string base64(sodium_base64_ENCODED_LEN(sealed.size(), kBase64), '\0');
  sodium_bin2base64(base64.data(), base64.size(), bytes_of(sealed), sealed.size(), kBase64);
  base64.pop_back();  // the terminating NUL
  return base64;
}

std::string unseal(const std::string& base64, const std::string& key) {
  std::string sealed(base64.size(), '\0');
  std::size_t size = 0;
  const int decoded = sodium_base642bin(bytes_of(sealed), sealed.size(), base64.data(),
                                        base64.size(), nullptr, &size, nullptr, kBase64);
  if (decoded != 0) throw std::runtime_error("the stored result of an operation is damaged");
  sealed.resize(size);
  auto text = identity::unseal(sealed, key);
  if (!text) throw std::runtime_error("the stored result of an operation is not what was sealed");
  return *std::move(text);
}

}  // namespace

Operation::Operation(const Environment& environment, const Call& call, std::string_view kind)
    : environment_(environment),
      request_hash_(hash_token(join({kind, call.request_digest}))),
      kind_(kind),
      rehearsal_(call.rehearsal) {
  if (call.idempotency_key) {
    const std::string scope = call.actor.text();
    id_ = hash_token(join({"operation", scope, *call.idempotency_key}));
    sealing_key_ = make_sealing_key(environment, join({"result", scope, *call.idempotency_key}));
  } else {
    id_ = hash_token(make_token());
  }
}

Operation::End Operation::end_of(Found found) {
  if (found == Found::forgotten) return End::forgotten;
  return found == Found::same ? End::earlier : End::reused;
}

Operation::End Operation::run(const Attempt& attempt) try {
  if (is_replayable()) {
    const Found found = find_earlier();
    if (found == Found::same && rehearsal_ != nullptr) rehearsal_->note_committed();
    if (found != Found::absent) return end_of(found);
  }
  for (int runs = 1;; ++runs) {
    if (const auto end = run_transaction(attempt)) {
      if (*end == End::done) note_catalogue_write(environment_);
      if (*end == End::done && rehearsal_ != nullptr) rehearsal_->note_committed();
      return *end;
    }
    if (runs == kMostRuns) throw storage::CommitUnknown(0, "every COMMIT was lost: " + kind_);
  }
} catch (const storage::CommitUnknown& error) {
  throw OutcomeUnknown(error.what());
} catch (const storage::Unavailable& error) {
  throw Unavailable(error.what());
}

// Absence: the end of the COMMIT was unknown and now it is known that nothing stays.
std::optional<Operation::End> Operation::run_transaction(const Attempt& attempt) try {
  environment_.pool->transact([&](storage::Connection& connection) {
    if (rehearsal_ != nullptr) rehearsal_->begin();
    const auto result = attempt(connection);
    if (!result) throw AttemptRefused{};
    if (rehearsal_ != nullptr && !rehearsal_->may_commit()) throw AttemptRehearsed{};
    record(connection, *result);
    return true;
  });
  return End::done;
} catch (const AttemptRefused&) {
  return End::refused;
} catch (const AttemptRehearsed&) {
  return End::rehearsed;
} catch (const OperationTaken&) {
  if (!is_replayable()) throw storage::CommitUnknown(0, "a lost COMMIT came back: " + kind_);
  const Found found = find_earlier();
  if (found == Found::absent) return std::nullopt;  // the other one has rolled back meanwhile
  return end_of(found);
} catch (const storage::CommitUnknown&) {
  // Without an Idempotency-Key nobody else can have written this id: it was this attempt.
  const Found found = find_earlier();
  if (found == Found::absent) return std::nullopt;
  if (!is_replayable()) return End::done;
  return end_of(found);
}

void Operation::record(storage::Connection& connection, const Result& result) const {
  const std::string stored = is_replayable() ? seal(result.text, sealing_key_) : result.text;
  try {
    storage::save_operation(connection, {id_, request_hash_, kind_, stored, result.person},
                            environment_.clock->now());
  } catch (const storage::Duplicate&) {
    throw OperationTaken{};
  }
}

Operation::Found Operation::find_earlier() {
  for (int lookups = 1;; ++lookups) {
    try {
      const auto stored = read_database(environment_, [&](storage::Connection& connection) {
        return storage::find_operation(connection, id_);
      });
      if (!stored) return Found::absent;
      if (stored->request_hash != request_hash_) return Found::other;
      if (is_replayable() && stored->result.empty()) return Found::forgotten;
      if (is_replayable()) earlier_result_ = unseal(stored->result, sealing_key_);
      return Found::same;
    } catch (const storage::Conflict&) {  // the transaction in question is still under way
      if (lookups == kMostLookups) throw;
    } catch (const Unavailable& error) {
      if (lookups == kMostLookups) throw storage::CommitUnknown(0, error.what());
    }
    std::this_thread::sleep_for(kBetweenLookups);
  }
}

}  // namespace narada::usecases
