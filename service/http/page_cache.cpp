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
  if (std::holds_alternative<FileBody>(response->body)) return;
  const auto cost = [](std::string_view name, const Response& of) {
    return name.size() + of.body_text().size() + sizeof(Entry);
  };
  // What is dropped is destroyed after the lock.
  decltype(entries_) dropped;
  Entry entry{stamp, std::move(response)};
  const std::lock_guard lock(mutex_);
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

}  // namespace narada::http
