#include "service/usecases/registrations/registration_json.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace narada::usecases {
namespace {

using nlohmann::json;

template <class T>
void put(json& object, const char* name, const std::optional<T>& value) {
  if (value) object[name] = *value;
}

void put(json& object, const char* name, const std::optional<domain::Instant>& value) {
  if (value) object[name] = value->time_since_epoch().count();
}

template <class T>
std::optional<T> take(const json& object, const char* name) {
  if (!object.contains(name)) return std::nullopt;
  return object.at(name).get<T>();
}

domain::Instant instant_of(std::int64_t seconds) {
  return domain::Instant(std::chrono::seconds(seconds));
}

std::optional<domain::Instant> take_instant(const json& object, const char* name) {
  const auto seconds = take<std::int64_t>(object, name);
  if (!seconds) return std::nullopt;
  return instant_of(*seconds);
}

template <class Enum>
Enum enum_of(const json& object, const char* name, std::optional<Enum> (*find)(std::string_view)) {
  const auto value = find(object.at(name).get<std::string>());
  if (!value) throw std::invalid_argument(std::string("stored result: ") + name);
  return *value;
}

json to_json(const domain::InstitutionRef& institution) {
  json object{{"id", institution.id.value},
              {"slug", institution.slug},
              {"name", institution.name},
              {"kind", domain::to_string(institution.kind)}};
  put(object, "teryt", institution.teryt);
  if (institution.position) {
    object["latitude"] = institution.position->latitude;
    object["longitude"] = institution.position->longitude;
  }
  return object;
}

domain::InstitutionRef institution_of(const json& object) {
  domain::InstitutionRef institution;
  institution.id.value = object.at("id").get<std::int64_t>();
  institution.slug = object.at("slug").get<std::string>();
  institution.name = object.at("name").get<std::string>();
  institution.kind = enum_of(object, "kind", domain::find_institution_kind);
  institution.teryt = take<std::string>(object, "teryt");
  if (object.contains("latitude")) {
    institution.position =
        domain::GeoPoint{object.at("latitude").get<double>(), object.at("longitude").get<double>()};
  }
  return institution;
}

json to_json(const domain::Person& person) {
  json object{{"id", person.id.value},
              {"full_name", person.full_name},
              {"email", person.email},
              {"position", person.position},
              {"unit", person.unit},
              {"phone", person.phone},
              {"language", domain::to_string(person.language)}};
  if (person.institution) object["institution"] = to_json(*person.institution);
  return object;
}

domain::Person person_of(const json& object) {
  domain::Person person;
  person.id.value = object.at("id").get<std::int64_t>();
  person.full_name = object.at("full_name").get<std::string>();
  person.email = object.at("email").get<std::string>();
  person.position = object.at("position").get<std::string>();
  person.unit = object.at("unit").get<std::string>();
  person.phone = object.at("phone").get<std::string>();
  person.language = domain::language_or_polish(object.at("language").get<std::string>());
  if (object.contains("institution")) person.institution = institution_of(object["institution"]);
  return person;
}

json to_json(const domain::Registration& registration) {
  json object{{"id", registration.id.value},
              {"meeting", registration.meeting.value},
              {"person", to_json(registration.person)},
              {"status", domain::to_string(registration.status)},
              {"mode", domain::to_string(registration.mode)},
              {"needs", registration.needs},
              {"diet", registration.diet},
              {"access_needs", registration.access_needs},
              {"interpreter", registration.interpreter},
              {"challenge", registration.challenge},
              {"challenge_contact", registration.challenge_contact},
              {"question", registration.question},
              {"visible", registration.visible},
              {"clause_version", registration.clause_version},
              {"created_at", registration.created_at.time_since_epoch().count()},
              {"updated_at", registration.updated_at.time_since_epoch().count()},
              {"decline_reason", registration.decline_reason},
              {"version", registration.version}};
  put(object, "queue_position", registration.queue_position);
  put(object, "confirmed_at", registration.confirmed_at);
  put(object, "cancelled_at", registration.cancelled_at);
  if (registration.enrolment) object["enrolment"] = registration.enrolment->value;
  if (registration.delegation) object["delegation"] = registration.delegation->value;
  put(object, "offer_until", registration.offer_until);
  return object;
}

domain::Registration registration_of(const json& object) {
  domain::Registration registration;
  registration.id.value = object.at("id").get<std::int64_t>();
  registration.meeting.value = object.at("meeting").get<std::int64_t>();
  registration.person = person_of(object.at("person"));
  registration.status = enum_of(object, "status", domain::find_registration_status);
  registration.mode = enum_of(object, "mode", domain::find_attendance_mode);
  registration.needs = object.at("needs").get<std::string>();
  registration.question = object.at("question").get<std::string>();
  registration.diet = object.value("diet", "");
  registration.access_needs = object.value("access_needs", "");
  registration.interpreter = object.value("interpreter", "");
  registration.challenge = object.value("challenge", "");
  registration.challenge_contact = object.value("challenge_contact", false);
  registration.visible = object.value("visible", false);  // older results have none
  registration.clause_version = object.at("clause_version").get<int>();
  registration.created_at = instant_of(object.at("created_at").get<std::int64_t>());
  registration.updated_at = instant_of(object.at("updated_at").get<std::int64_t>());
  registration.decline_reason = object.at("decline_reason").get<std::string>();
  registration.version = object.at("version").get<std::int64_t>();
  registration.queue_position = take<int>(object, "queue_position");
  registration.confirmed_at = take_instant(object, "confirmed_at");
  registration.cancelled_at = take_instant(object, "cancelled_at");
  if (const auto enrolment = take<std::int64_t>(object, "enrolment")) {
    registration.enrolment = domain::EnrolmentId{*enrolment};
  }
  if (const auto delegation = take<std::int64_t>(object, "delegation")) {
    registration.delegation = domain::DelegationId{*delegation};
  }
  registration.offer_until = take_instant(object, "offer_until");
  return registration;
}

template <class Read>
auto read_object(const std::string& text, Read read) {
  try {
    return read(json::parse(text));
  } catch (const json::exception& error) {
    throw std::invalid_argument(error.what());
  }
}

}  // namespace

std::string write_registration(const domain::Registration& registration) {
  return to_json(registration).dump();
}

domain::Registration read_registration(const std::string& text) {
  return read_object(text, registration_of);
}

std::string write_registered(const Registered& registered) {
  return json{{"registration", to_json(registered.registration)},
              {"created", registered.created},
              {"manage_url", registered.manage_url}}
      .dump();
}

Registered read_registered(const std::string& text) {
  return read_object(text, [](const json& object) {
    return Registered{registration_of(object.at("registration")), object.at("created").get<bool>(),
                      object.at("manage_url").get<std::string>()};
  });
}

std::string write_enrolled(const Enrolled& enrolled) {
  json registrations = json::array();
  for (const auto& registration : enrolled.registrations) {
    registrations.push_back(to_json(registration));
  }
  return json{{"id", enrolled.id.value},
              {"registrations", registrations},
              {"skipped", enrolled.skipped},
              {"created", enrolled.created},
              {"manage_urls", enrolled.manage_urls}}
      .dump();
}

Enrolled read_enrolled(const std::string& text) {
  return read_object(text, [](const json& object) {
    Enrolled enrolled;
    enrolled.id.value = object.at("id").get<std::int64_t>();
    for (const auto& registration : object.at("registrations")) {
      enrolled.registrations.push_back(registration_of(registration));
    }
    enrolled.skipped = object.at("skipped").get<std::vector<std::string>>();
    enrolled.created = object.at("created").get<bool>();
    enrolled.manage_urls = object.at("manage_urls").get<std::vector<std::string>>();
    return enrolled;
  });
}

std::optional<domain::PersonId> find_enrolled_person(const Enrolled& enrolled) {
  if (enrolled.registrations.empty()) return std::nullopt;
  return enrolled.registrations.front().person.id;
}

}  // namespace narada::usecases
