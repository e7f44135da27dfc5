#!/bin/bash
# Prepares the guest for a boot under systemd. Called by configure.sh.
#   configure-systemd.sh ROOT
set -euo pipefail
units=$1/etc/systemd/system
wants=$units/multi-user.target.wants
mkdir -p "$wants" "$units/systemd-udev-trigger.service.d"

cat >"$units/lab-net.service" <<X
[Unit]
Description=lab addresses
DefaultDependencies=no
Before=network.target ssh.service ipvsadm.service
After=systemd-sysctl.service systemd-modules-load.service
[Service]
Type=oneshot
RemainAfterExit=yes
PassEnvironment=LAB_LAN
ExecStart=/lab/net
X
cat >"$units/lab-web.service" <<X
[Unit]
Description=lab web server
ConditionHost=server*
After=lab-net.service
[Service]
PassEnvironment=LAB_NODE
ExecStart=/lab/web -f
X
ln -s ../lab-net.service ../lab-web.service /lib/systemd/system/ssh.service "$wants/"
ln -s /lib/systemd/system/multi-user.target "$units/default.target"

# What the installation of the package ipvsadm enables: an init script in Debian 12, a unit in Debian 13.
if [ -e "$1/usr/lib/systemd/system/ipvsadm.service" ]; then
  ln -s /usr/lib/systemd/system/ipvsadm.service "$wants/"
else
  for level in 2 3 4 5; do
    mkdir -p "$1/etc/rc$level.d"
    ln -s ../init.d/ipvsadm "$1/etc/rc$level.d/S01ipvsadm"
  done
fi

# The kernel has hundreds of terminals that nobody opens; udev would take 5 s to look at each.
cat >"$units/systemd-udev-trigger.service.d/lab.conf" <<X
[Service]
ExecStart=
ExecStart=-udevadm trigger --type=subsystems --action=add
ExecStart=-udevadm trigger --type=devices --action=add --subsystem-nomatch=tty
X
# Of no use here, and each would cost five nodes on two cores some time.
for unit in ldconfig.service getty.target console-getty.service systemd-logind.service systemd-timesyncd.service \
  systemd-journal-catalog-update.service systemd-update-utmp.service systemd-firstboot.service dbus.service dbus.socket \
  systemd-pstore.service systemd-random-seed.service systemd-sysusers.service systemd-hwdb-update.service \
  systemd-update-done.service modprobe@configfs.service modprobe@dm_mod.service modprobe@drm.service modprobe@efi_pstore.service \
  modprobe@fuse.service modprobe@loop.service dev-mqueue.mount dev-hugepages.mount sys-kernel-debug.mount \
  sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount apt-daily.timer \
  dpkg-db-backup.timer e2scrub_all.timer fstrim.timer; do
  ln -sf /dev/null "$units/$unit"
done
