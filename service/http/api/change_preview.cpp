#include "service/http/api/change_preview.h"

#include "calendar/event.h"
#include "service/http/api/query_reader.h"

namespace narada::http::api {

bool is_preview(const Context& context) {
  QueryReader query(context.request());
  const bool preview = query.flag("preview").value_or(false);
  query.check();
  return preview;
}

web::View preview_view(const usecases::ChangePreview& preview) {
  web::View mails = web::View::array();
  for (const auto& mail : preview.mails) {
    web::View view = {{"kind", to_string(mail.facts.kind)},
                      {"to_name", mail.facts.to_name},
                      {"to_address", mail.facts.to_address},
                      {"language", domain::to_string(mail.facts.language)},
                      {"method", nullptr},
                      {"sequence", nullptr}};
    if (mail.sequence && mail.facts.method) {
      view["method"] = calendar::to_string(*mail.facts.method);
      view["sequence"] = *mail.sequence;
    }
    mails.push_back(std::move(view));
  }
  web::View places = web::View::array();
  for (const auto& place : preview.places) {
    web::View view = {{"registration", place.registration.value},
                      {"before", nullptr},
                      {"after", domain::to_string(place.after)}};
    if (place.before) view["before"] = domain::to_string(*place.before);
    places.push_back(std::move(view));
  }
  return {{"people", preview.people.size()},
          {"institutions", preview.institutions.size()},
          {"closes_registration", preview.closes_registration},
          {"mails", std::move(mails)},
          {"places", std::move(places)}};
}

}  // namespace narada::http::api
