#include "service/usecases/registrations/registration_memory.h"

#include <chrono>
#include <mutex>
#include <utility>

#include "service/usecases/environment.h"

namespace narada::usecases {
namespace {

constexpr std::chrono::seconds kLongestUse{2};
constexpr std::size_t kMostEntries = 1024;  // of each kind; full means empty it and start again

}  // namespace

std::shared_ptr<RegistrationMemory> make_registration_memory() {
  return std::make_shared<RegistrationMemory>();
}

template <class T>
std::optional<T> RegistrationMemory::find(const Entries<T>& entries, std::string_view key,
                                          domain::Instant now) const {
  const std::shared_lock lock(mutex_);
  const auto found = entries.find(key);
  if (found == entries.end()) return std::nullopt;
  const auto age = now - found->second.kept_at;
  if (age < std::chrono::seconds(0) || age >= kLongestUse) return std::nullopt;
  return found->second.value;
}

template <class T>
void RegistrationMemory::keep(Entries<T>& entries, std::string_view key, T value,
                              domain::Instant now) {
  const std::unique_lock lock(mutex_);
  if (entries.size() >= kMostEntries) entries.clear();
  entries.insert_or_assign(std::string(key), Entry<T>{std::move(value), now});
}

RegistrationMemory::Meeting RegistrationMemory::find_meeting(std::string_view key,
                                                             domain::Instant now) const {
  return find(meetings_, key, now).value_or(nullptr);
}

void RegistrationMemory::keep_meeting(std::string_view key, Meeting meeting, domain::Instant now) {
  keep(meetings_, key, std::move(meeting), now);
}

void RegistrationMemory::forget_meeting(std::string_view key) {
  const std::unique_lock lock(mutex_);
  if (const auto found = meetings_.find(key); found != meetings_.end()) meetings_.erase(found);
  if (const auto found = questions_.find(key); found != questions_.end()) questions_.erase(found);
}

RegistrationMemory::Questions RegistrationMemory::find_questions(std::string_view key,
                                                                 domain::Instant now) const {
  return find(questions_, key, now).value_or(nullptr);
}

void RegistrationMemory::keep_questions(std::string_view key, Questions questions,
                                        domain::Instant now) {
  keep(questions_, key, std::move(questions), now);
}

std::optional<domain::InstitutionRef> RegistrationMemory::find_institution(
    std::string_view key, domain::Instant now) const {
  return find(institutions_, key, now);
}

void RegistrationMemory::keep_institution(std::string_view key,
                                          const domain::InstitutionRef& institution,
                                          domain::Instant now) {
  keep(institutions_, key, institution, now);
}

void RegistrationMemory::forget_all() {
  const std::unique_lock lock(mutex_);
  meetings_.clear();
  questions_.clear();
  institutions_.clear();
}

}  // namespace narada::usecases
