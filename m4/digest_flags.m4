# DIGEST_CC_FLAG(VARIABLE, FLAG)
# Append FLAG to VARIABLE when the compiler takes it.  -Werror, because
# clang only warns about a flag it does not know.
AC_DEFUN([DIGEST_CC_FLAG], [
  AC_MSG_CHECKING([whether $CC takes $2])
  digest_saved_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS -Werror $2"
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
    [AC_MSG_RESULT([yes])
     AS_VAR_APPEND([$1], [" $2"])],
    [AC_MSG_RESULT([no])])
  CFLAGS=$digest_saved_CFLAGS
])

# DIGEST_LD_FLAG(VARIABLE, FLAG)
# Append FLAG to VARIABLE when a program links with it.
AC_DEFUN([DIGEST_LD_FLAG], [
  AC_MSG_CHECKING([whether $CC links with $2])
  digest_saved_LDFLAGS=$LDFLAGS
  LDFLAGS="$LDFLAGS -Werror $2"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
    [AC_MSG_RESULT([yes])
     AS_VAR_APPEND([$1], [" $2"])],
    [AC_MSG_RESULT([no])])
  LDFLAGS=$digest_saved_LDFLAGS
])

# DIGEST_FORTIFY(VARIABLE)
# Append -D_FORTIFY_SOURCE=2 to VARIABLE where it takes effect: the C
# library warns without optimisation, and a second definition clashes.
AC_DEFUN([DIGEST_FORTIFY], [
  AC_CACHE_CHECK([whether to define _FORTIFY_SOURCE], [digest_cv_fortify], [
    AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
#if !defined __OPTIMIZE__ || defined _FORTIFY_SOURCE
#error not optimising, or defined already
#endif
int digest_fortify;
]])], [digest_cv_fortify=yes], [digest_cv_fortify=no])
  ])
  AS_VAR_IF([digest_cv_fortify], [yes],
    [AS_VAR_APPEND([$1], [" -D_FORTIFY_SOURCE=2"])])
])

# DIGEST_MISSING(TEXT)
# Note, for the summary, an optional part that was not found.
AC_DEFUN([DIGEST_MISSING], [
  digest_missing="$digest_missing
    - $1"
])
