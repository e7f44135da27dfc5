#!/bin/bash
# Builds the disk and the tools of the lab from Debian packages. Installs nothing on this machine.
#   lab/build.sh SUITE FOLDER      SUITE is bookworm or trixie; FOLDER is made, its parent keeps the downloads
# Needs: apt-get, dpkg-deb, gcc, mkfs.ext4, ldconfig, ssh-keygen, flock, the keyring of Debian, fakeroot when not root.
set -euo pipefail
suite=$1 folder=$2
source=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin # where Debian keeps mkfs and ldconfig, which a plain user's PATH leaves out
export LC_ALL=C
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
apt=$(dirname "$folder")/apt
say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2; exit 1; }

# Two labs may start at once: the second waits here, then finds the work done.
mkdir -p "$(dirname "$folder")"
exec 9>"$(dirname "$folder")/lock"
flock 9
[ ! -e "$folder/complete" ] || exit 0
# Images of earlier versions of this script go when no lab has booted from them for two weeks.
find "$(dirname "$folder")" -maxdepth 1 -name 'image-*' -mtime +14 -exec rm -rf {} +
rm -rf "$folder"
mkdir -p "$folder/tools" "$folder/root"
tools=$folder/tools root=$folder/root

guest_packages="bash dash gzip coreutils busybox-static iproute2 ipvsadm systemd systemd-sysv udev dbus kmod procps
  openssh-server curl util-linux mount nftables iptables tcpdump socat iputils-ping iputils-arping grep sed mawk
  findutils diffutils hostname sudo passwd login less conntrack ethtool libpam-modules"
# From Debian 13 on, the defaults for rp_filter have a package of their own.
[ "$suite" = bookworm ] || guest_packages="$guest_packages linux-sysctl-defaults"
tool_packages="user-mode-linux slirp4netns uml-utilities libc6 patchelf"

# The mirror is the one that this machine already uses. Lists and state are ours, so any Debian release will do
# and neither apt's lock nor its lists on this machine are touched.
prepare_apt() {
  local mirror=${TUNBOARD_LAB_MIRROR:-} source_line='^(URIs: *|deb +(\[[^]]*\] *)?)https?://[^ ]+/debian/?( |$)'
  [ -n "$mirror" ] || mirror=$(find /etc/apt/sources.list /etc/apt/sources.list.d -type f \
    \( -name '*.list' -o -name '*.sources' \) -exec grep -hoE "$source_line" {} + 2>/dev/null |
    grep -oE 'https?://[^ ]+' | head -1) || :
  [ -n "$mirror" ] || fail "apt's sources name no Debian mirror; set TUNBOARD_LAB_MIRROR to the address of one."
  [ -e "$keyring" ] || fail "The keyring of Debian is missing; the package debian-archive-keyring brings it."
  mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  : >"$apt/status"
  say "deb [signed-by=$keyring] $mirror $suite main" >"$apt/sources.list"
  options=(-qq -y -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$apt/lists"
    -o "Dir::State::status=$apt/status" -o "Dir::State::extended_states=$apt/extended"
    -o "Dir::Cache::archives=$apt/archives" -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache="
    -o Debug::NoLocking=1 -o APT::Install-Recommends=false -o "APT::Sandbox::User=$(id -un)" -o Dpkg::Use-Pty=0)
  say "Reading the package lists of Debian $suite."
  apt-get "${options[@]}" update
}

# Downloads the packages and all that they need; prints one file a line. The names come from a dry run, not from
# the folder, where older versions may lie.
fetch() {
  apt-get "${options[@]}" --download-only install "$@" >/dev/null
  apt-get "${options[@]}" --simulate install "$@" |
    sed -nE 's/^Inst ([^ ]+) \(([^ ]+) .*\[([^]]+)\].*/\1 \2 \3/p' |
    while read -r name version arch; do printf '%s\n' "$apt/archives/${name}_${version//:/%3a}_$arch.deb"; done
}

unpack() { # unpack INTO, files on standard input
  local into=$1 file d
  mkdir -p "$into"/usr/{bin,sbin,lib,lib64,lib32}
  for d in bin sbin lib lib64; do ln -s "usr/$d" "$into/$d"; done
  while read -r file; do
    case ${file##*/} in # what only the package manager needs: perl and dpkg would double the image
      perl_* | libperl5* | perl-modules* | perl-base_* | dpkg_* | debconf_* | tar_* | adduser_* | gcc-1?-base_* | libgdbm* | \
        init-system-helpers* | ucf_* | sensible-utils*) continue ;;
    esac
    dpkg-deb --fsys-tarfile "$file" | tar -x -p --no-same-owner --keep-directory-symlink --warning=no-timestamp -C "$into" \
      --exclude=./usr/share/{doc,man,locale,info,lintian,bash-completion,zsh,perl5,gcc}
  done
}

# Every tool runs on the C library that it was built with, whatever this machine has. The kernel must find its
# loader by itself: started through an explicit loader it would lose its memory layout.
prepare_tools() {
  local libraries=$tools/usr/lib/x86_64-linux-gnu loader
  loader=$(find "$tools" \( -name ld-linux-x86-64.so.2 -o -name 'ld-2*.so' \) -type f | head -1)
  ln -sf "$loader" "$folder/ld.so"
  ln -sf "$libraries" "$folder/libraries"
  "$loader" --library-path "$libraries" "$tools/usr/bin/patchelf" \
    --set-interpreter "$loader" --set-rpath "$libraries" "$tools/usr/bin/linux.uml"
  gcc -O2 -shared -fPIC -o "$folder/umlfp.so" "$source/guest/umlfp.c"
}

# The key of the lab, not of a person: without a passphrase, of use only for these nodes on 127.0.0.1.
prepare_key() {
  ssh-keygen -q -t ed25519 -N '' -C tunboard-lab -f "$folder/key"
}

copy_modules() {
  local version from to part
  version=$(ls "$tools/usr/lib/uml/modules")
  from=$tools/usr/lib/uml/modules/$version to=$root/usr/lib/modules/$version
  mkdir -p "$to/kernel"
  for part in net/{core,ipv4,ipv6,netfilter,bridge,802,llc,xfrm,sctp,packet,sched,unix,netlink} \
    drivers/net/{veth,dummy,tun,ifb}.ko fs/overlayfs lib crypto; do
    [ -e "$from/kernel/$part" ] || continue # what one kernel has as a module, another has built in
    mkdir -p "$to/kernel/$(dirname "$part")"
    cp -a "$from/kernel/$part" "$to/kernel/$(dirname "$part")/"
  done
  cp "$from"/modules.* "$to/"
  chmod -R u+w "$to"
}

# Owners are set and packed under one fakeroot, which forgets them when it ends.
pack_image() {
  local size as_root=(bash -c)
  [ "$(id -u)" = 0 ] || as_root=(fakeroot bash -c)
  size=$(du -sm "$root" | cut -f1)
  truncate -s "$((size * 5 / 4 + 64))M" "$folder/disk.ext4"
  # Blocks of 4 KiB, the size of a page: where a page is partly in the image and partly in a node's own file, this
  # kernel reads what follows from the wrong place (do_io in ubd_kern.c adds the length of the last part only).
  # With the 1 KiB that mkfs gives a small disk, nodes under systemd came up with broken files after a reboot.
  "${as_root[@]}" 'set -e; for u in student:1000 operator:1001 narrow:1002; do chown -R "${u#*:}:${u#*:}" "$1/home/${u%:*}"; done
    mkfs.ext4 -q -b 4096 -m 0 -E root_owner=0:0 -d "$1" "$2"' - "$root" "$folder/disk.ext4"
  rm -rf "$root"
}

prepare_apt
say "Downloading the packages (about 100 MB the first time)."
fetch $tool_packages >"$folder/tools.list"
fetch $guest_packages >"$folder/guest.list"
say "Unpacking the kernel and the network tools."
unpack "$tools" <"$folder/tools.list"
prepare_tools
say "Unpacking the guest's packages."
unpack "$root" <"$folder/guest.list"
prepare_key
bash "$source/guest/configure.sh" "$root" "$folder/key.pub" "$source/guest"
copy_modules
say "Writing the disk."
pack_image
touch "$folder/complete"
say "The image of Debian $suite is ready ($(du -sh "$folder" | cut -f1), kernel $(ls "$tools/usr/lib/uml/modules"))."
