#!/bin/bash
# Puts accounts, logins and the lab's own programs into the unpacked guest. Called by build.sh.
#   configure.sh ROOT KEY.pub GUEST
set -euo pipefail
root=$1 key=$2 guest=$3
# Password of the account operator, "lvs-lab-password" (sha512-crypt): no secret, it is in the README.
operator_hash='$6$tunboardlab$kb4pY2xNK2y9/J1hGhMy7IoyveAsc3yySwJkzT/Sgp.YEST7/dIVGUc.qbuFRS1mh6WJrTVPlDehFd1zsQ0kv/'

mkdir -p "$root"/{proc,sys,dev,run,tmp,mnt,lab,root,home,etc/{ssh,pam.d,sysctl.d,sysconfig},usr/lib/modules,var/{log,tmp,www}}
chmod 1777 "$root/tmp" "$root/var/tmp"
ln -sf dash "$root/usr/bin/sh" # as the package would link it, and as every Debian is
ln -sf mawk "$root/usr/bin/awk"
ln -sf less "$root/usr/bin/pager"
# What update-alternatives would link. This kernel has no nf_tables for IPv4, so the legacy tools.
for tool in iptables ip6tables; do
  for suffix in "" -save -restore; do ln -sf "$tool-legacy$suffix" "$root/usr/sbin/$tool$suffix"; done
done

cat >"$root/etc/passwd" <<X
root:x:0:0:root:/root:/bin/bash
sshd:x:105:65534::/run/sshd:/usr/sbin/nologin
tcpdump:x:106:65534::/nonexistent:/usr/sbin/nologin
student:x:1000:1000:key login, sudo without a password:/home/student:/bin/bash
operator:x:1001:1001:password login, sudo without a password:/home/operator:/bin/bash
narrow:x:1002:1002:key login, sudo asks for a password:/home/narrow:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
X
cat >"$root/etc/group" <<X
root:x:0:
tty:x:5:
shadow:x:42:
student:x:1000:
operator:x:1001:
narrow:x:1002:
nogroup:x:65534:
X
{
  for user in root student narrow sshd; do echo "$user:*:19000:0:99999:7:::"; done
  echo "operator:$operator_hash:19000:0:99999:7:::"
} >"$root/etc/shadow"
chmod 640 "$root/etc/shadow"

printf '%s\n' 'root ALL=(ALL:ALL) ALL' 'student ALL=(ALL) NOPASSWD: ALL' 'operator ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers"
chmod 440 "$root/etc/sudoers"
chmod 4755 "$root/usr/bin/sudo"
# Real passwords, but a wrong one is answered at once instead of after two seconds.
for service in sudo sshd login su other; do
  printf '%s\n' 'auth required pam_unix.so nodelay' 'account required pam_unix.so' 'session optional pam_permit.so' >"$root/etc/pam.d/$service"
done

for home in root home/student home/narrow home/operator; do
  mkdir -p "$root/$home/.ssh"
  chmod 700 "$root/$home/.ssh"
  [ $home = home/operator ] || install -m 600 "$key" "$root/$home/.ssh/authorized_keys"
done
chmod 700 "$root/root"

printf '%s: files\n' passwd group shadow hosts services protocols >"$root/etc/nsswitch.conf"
[ -e "$root/etc/protocols" ] || printf 'ip 0 IP\nicmp 1 ICMP\nipencap 4 IP-ENCAP\ntcp 6 TCP\nudp 17 UDP\ngre 47 GRE\nsctp 132 SCTP\n' >"$root/etc/protocols"
[ -e "$root/etc/services" ] || printf 'ssh 22/tcp\ndomain 53/udp\nhttp 80/tcp\nhttps 443/tcp\n' >"$root/etc/services"
cat >"$root/etc/hosts" <<X
127.0.0.1 localhost
172.25.254.1   director director.example.com
172.25.254.2   server2 server2.example.com
172.25.254.3   server3 server3.example.com
172.25.254.4   server4 server4.example.com
172.25.254.250 client client.example.com
172.25.254.100 www www.example.com
X
echo 'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' >"$root/etc/profile"

# PAM only because sshd offers keyboard-interactive through nothing else. Generous limits: tests open many
# connections at once, and a refusal by MaxStartups would look like a fault of theirs.
cat >"$root/etc/ssh/sshd_config" <<X
Port 22
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication yes
KbdInteractiveAuthentication yes
UsePAM yes
UseDNS no
PrintMotd no
PrintLastLog no
MaxStartups 100:30:200
MaxSessions 100
SetEnv PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
Subsystem sftp internal-sftp
X

install -m 755 "$guest"/{init,init-systemd,boot,net,web,host-key} "$root/lab/"
bash "$guest/configure-systemd.sh" "$root"
ldconfig -r "$root"
