// The one source of narada_precompiled; see narada_precompile() in options.cmake.
