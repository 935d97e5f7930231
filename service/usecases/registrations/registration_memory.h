#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "service/domain/institution.h"
#include "service/domain/questions.h"
#include "service/domain/time.h"
#include "sql/seat_store.h"

namespace narada::usecases {

// What registering reads again and again and what hardly changes: a meeting as its page shows it,
// and the institution behind a key. Used only within two seconds of its clock, and never to decide:
// a remembered meeting counts once its version has been found current under the row's lock, and
// whatever is refused on its ground is asked of the database again. Thread-safe.
class RegistrationMemory {
 public:
  using Meeting = std::shared_ptr<const storage::SeatedMeeting>;

  // Null: nothing, or nothing recent.
  Meeting find_meeting(std::string_view key, domain::Instant now) const;
  void keep_meeting(std::string_view key, Meeting meeting, domain::Instant now);
  // With its questions.
  void forget_meeting(std::string_view key);

  using Questions = std::shared_ptr<const domain::Questions>;
  Questions find_questions(std::string_view key, domain::Instant now) const;
  void keep_questions(std::string_view key, Questions questions, domain::Instant now);

  std::optional<domain::InstitutionRef> find_institution(std::string_view key,
                                                         domain::Instant now) const;
  void keep_institution(std::string_view key, const domain::InstitutionRef& institution,
                        domain::Instant now);
  // After a change of what keys stand for, such as a merge of institutions.
  void forget_all();

 private:
  template <class T>
  struct Entry {
    T value;
    domain::Instant kept_at{};
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  template <class T>
  using Entries = std::unordered_map<std::string, Entry<T>, Hash, std::equal_to<>>;

  template <class T>
  std::optional<T> find(const Entries<T>& entries, std::string_view key, domain::Instant now) const;
  template <class T>
  void keep(Entries<T>& entries, std::string_view key, T value, domain::Instant now);

  mutable std::shared_mutex mutex_;
  Entries<Meeting> meetings_;
  Entries<Questions> questions_;
  Entries<domain::InstitutionRef> institutions_;
};

}  // namespace narada::usecases
