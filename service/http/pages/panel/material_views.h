#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "service/http/pages/material_forms.h"
#include "service/usecases/materials/material_numbers.h"
#include "service/usecases/materials/materials.h"

namespace narada::http::pages {

// What the pages of one room of materials share.

// "/panel/spotkania/7/materialy" and `part` behind it.
std::string material_path(const MaterialRoom& room, std::string_view part = {});
std::string material_path(const MaterialRoom& room, domain::MaterialId material,
                          std::string_view part = {});

// "1,5 MB", in units of 1024.
std::string size_text(const Page& page, std::int64_t octets);
// The word of an enumeration: "panel_materials.kind_handbook".
std::string material_word(const Page& page, std::string_view enumeration, std::string_view value);

// "material_sections" [{section_id, section_name, materials: […]}] for panel_material_list.
void fill_material_sections(Page& page, const MaterialRoom& room,
                            const std::vector<usecases::ReadableMaterial>& materials,
                            const usecases::MaterialNumbers& numbers);
// [{label, text}]: how much of what may be brought has been.
web::View usage_view(const Page& page, const MaterialRoom& room,
                     const usecases::MaterialNumbers& numbers);

}  // namespace narada::http::pages
