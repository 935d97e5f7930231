#include "service/http/page_cache.h"

#include <utility>
#include <variant>

#include "service/usecases/catalogue_cache.h"

namespace narada::http {

PageCache::Stamp PageCache::stamp() const { return {clock_.now(), catalogue_.generation()}; }

std::shared_ptr<const Response> PageCache::find(std::string_view key) const {
  const Stamp now = stamp();
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end() || !(found->second.stamp == now)) return nullptr;
  return found->second.response;
}

void PageCache::keep(std::string key, Stamp stamp, std::shared_ptr<const Response> response) {
  if (response->sends_files()) return;
  const auto cost = [](std::string_view name, const Response& of) {
    return name.size() + of.body_text().size() + sizeof(Entry);
  };
  // What is dropped is destroyed after the lock.
  decltype(entries_) dropped;
  Entry entry{stamp, std::move(response)};
  const std::lock_guard lock(mutex_);
  if (const auto there = entries_.find(key);
      there != entries_.end() && there->second.stamp > entry.stamp)
    return;
  const auto added = cost(key, *entry.response);
  if (bytes_ + added > most_bytes_) {
    dropped.swap(entries_);
    bytes_ = 0;
  }
  if (const auto old = entries_.find(key); old != entries_.end())
    bytes_ -= cost(key, *old->second.response);
  bytes_ += added;
  std::swap(entries_[std::move(key)], entry);
}

std::shared_ptr<const Response> PageCache::find_or_make(const std::string& key, const Make& make) {
  const Stamp now = stamp();
  std::promise<std::shared_ptr<const Response>> promise;
  std::shared_future<std::shared_ptr<const Response>> others;
  {
    const std::lock_guard lock(mutex_);
    const auto kept = entries_.find(key);
    if (kept != entries_.end() && kept->second.stamp == now) return kept->second.response;
    const auto making = makings_.find(key);
    if (making != makings_.end() && making->second.stamp == now)
      others = making->second.answer;
    else
      makings_.insert_or_assign(key, Making{now, promise.get_future().share()});
  }
  if (others.valid()) return others.get();
  return make_for_all(key, now, std::move(promise), make);
}

std::shared_ptr<const Response> PageCache::make_for_all(
    const std::string& key, Stamp stamp, std::promise<std::shared_ptr<const Response>> promise,
    const Make& make) {
  std::shared_ptr<const Response> answer;
  try {
    answer = make();
    if (answer != nullptr) keep(key, stamp, answer);
  } catch (...) {
    forget_making(key, stamp);
    promise.set_value(nullptr);
    throw;
  }
  forget_making(key, stamp);
  promise.set_value(answer);
  return answer;
}

// Unless a later one has taken its place.
void PageCache::forget_making(const std::string& key, Stamp stamp) {
  const std::lock_guard lock(mutex_);
  const auto found = makings_.find(key);
  if (found != makings_.end() && found->second.stamp == stamp) makings_.erase(found);
}

}  // namespace narada::http
