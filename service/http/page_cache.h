#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "service/domain/time.h"
#include "service/http/message.h"

namespace narada::usecases {
class CatalogueCache;
}

namespace narada::http {

// Finished answers of routes that are the same for everybody (RouteOptions::shared), kept under the
// rule of usecases::CatalogueCache: an answer is given again only within the second of the clock in
// which it was made and until the next write of this process. Thread-safe; never blocks for long.
class PageCache {
 public:
  PageCache(const usecases::CatalogueCache& catalogue, const domain::Clock& clock,
            std::size_t most_bytes = std::size_t{64} << 20)
      : catalogue_(catalogue), clock_(clock), most_bytes_(most_bytes) {}

  // When an answer was made; taken before its facts are read.
  struct Stamp {
    domain::Instant second{};
    std::uint64_t generation = 0;
    friend auto operator<=>(const Stamp&, const Stamp&) = default;
  };
  Stamp stamp() const;

  // The answer kept under `key`, or null.
  std::shared_ptr<const Response> find(std::string_view key) const;
  // Answers with a body that can be shared only; a file is not kept, nor is an answer older than
  // the one that is there.
  void keep(std::string key, Stamp stamp, std::shared_ptr<const Response> response);

  // The answer under `key`: kept, or made by `make` and then kept, when it says that it may be
  // (null otherwise: then everybody makes their own). Of many who ask while it is being made, one
  // makes it and the others wait for that one, unless a write or the next second came in between.
  // What `make` throws, its own caller gets; those who waited make their own. Null for whoever
  // must.
  using Make = std::function<std::shared_ptr<const Response>()>;
  std::shared_ptr<const Response> find_or_make(const std::string& key, const Make& make);

 private:
  // One answer on its way.
  struct Making {
    Stamp stamp;
    std::shared_future<std::shared_ptr<const Response>> answer;
  };
  std::shared_ptr<const Response> make_for_all(
      const std::string& key, Stamp stamp, std::promise<std::shared_ptr<const Response>> promise,
      const Make& make);
  void forget_making(const std::string& key, Stamp stamp);

  struct Entry {
    Stamp stamp;
    std::shared_ptr<const Response> response;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  const usecases::CatalogueCache& catalogue_;
  const domain::Clock& clock_;
  const std::size_t most_bytes_;  // of bodies and keys; full means empty it and start again
  // Not a shared_mutex: its readers, who come without end, would keep writers waiting.
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, Making, Hash, std::equal_to<>> makings_;
};

}  // namespace narada::http
