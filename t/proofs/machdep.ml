(* As gcc on x86_64 with -funsigned-char.  WP takes void for char, and can
   follow a pointer through void only if that is the type it comes from:
   uint8_t, here. *)
let () =
  File.new_machdep "unsigned_char"
    { Machdeps.gcc_x86_64 with Cil_types.char_is_unsigned = true }
