#pragma once

#include <optional>

#include "service/http/api/context.h"
#include "service/http/api/object_reader.h"
#include "service/http/api/views.h"
#include "service/usecases/meetings/change_preview.h"
#include "service/usecases/meetings/publication.h"
#include "web/render.h"

namespace narada::http::api {

// `publish_at` of a PATCH: not given when the body does not speak of it; null withdraws it.
struct PublicationWish {
  bool given = false;
  std::optional<domain::Instant> at;
};
PublicationWish read_publication_wish(ObjectReader& reader);

// Adds `publish_at` of a draft where the actor may organize it.
template <class Id>
void show_publication_time(const Context& context, Id id, web::View& view) {
  const auto time = usecases::find_publication_time(context.environment(), context.actor(), id);
  if (!time) return;
  view["publish_at"] = time->at ? instant_view(*time->at) : web::View();
}

// `change`, and then the time, each in a transaction of its own; the time is tried before, so that
// one that is refused changes nothing. `load` reads what they have left. Of a rehearsal: what both
// would set off, the publication with the draft as `patch` leaves it.
template <class Id, class Patch, class Change, class Load>
auto change_and_plan(const Context& context, const usecases::Call& call, Id id,
                     const PublicationWish& wish, const Patch& patch, const Change& change,
                     const Load& load) -> decltype(change(call)) {
  if (!wish.given) return change(call);
  auto own = call;
  own.idempotency_key.reset();
  usecases::Rehearsal rehearsal;
  own.rehearsal = &rehearsal;
  const auto possible = usecases::set_publication_time(context.environment(), own, id, wish.at);
  if (!possible) return possible.failure();
  auto changed = change(call);
  if (!changed) return changed;
  if (call.rehearsal) {
    if (!wish.at) return changed;
    const auto published =
        usecases::rehearse_publication(context.environment(), own, id, *wish.at, patch);
    if (!published) return published.failure();
    call.rehearsal->add(rehearsal.preview());
    return changed;
  }
  own.rehearsal = nullptr;
  const auto planned = usecases::set_publication_time(context.environment(), own, id, wish.at);
  if (!planned) return planned.failure();
  return load();
}

}  // namespace narada::http::api
