#pragma once

#include "service/http/api/context.h"
#include "service/http/api/views.h"
#include "service/usecases/meetings/change_preview.h"
#include "web/render.h"

namespace narada::http::api {

// Whether the query says "preview=true"; nothing else may stand in it.
bool is_preview(const Context& context);

// What a change would set off: the mails one by one, and whose place changes.
web::View preview_view(const usecases::ChangePreview& preview);

// What `write` would do, which is tried and rolled back.
template <class Write>
Response preview_answer(const Context& context, const Write& write) {
  usecases::Rehearsal rehearsal;
  auto call = context.call();
  call.rehearsal = &rehearsal;
  call.idempotency_key.reset();
  context.take(write(call));
  return answer(200, preview_view(rehearsal.preview()));
}

}  // namespace narada::http::api
