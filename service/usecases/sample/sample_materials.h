#pragma once

#include <string>

#include "service/usecases/environment.h"

namespace narada::usecases {

// Materials of the sample's cycles and meetings, from materials.csv: links as published, and sheets
// of paper made here, which come the way of every file. One that is there already, or lies in the
// bin, is left alone. Without a directory for files on their way only links are added. Returns how
// many were added; throws SampleError.
int add_sample_materials(const Environment&, const Call&, const std::string& directory);

}  // namespace narada::usecases
