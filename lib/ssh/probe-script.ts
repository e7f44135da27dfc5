/**
 * The whole probe of a host (LVS-TUN facts, 5), sent on standard input of `/bin/sh -s -- NONCE [MAXBYTES]`. Constant:
 * nothing of an operator's is ever part of it. It is one function, called on the last line, so that a script whose end is
 * missing runs nothing; it writes nothing and loads no module.
 */
export const PROBE_SCRIPT = `# lvs-probe v1: read-only. Feed on stdin of:  /bin/sh -s -- <nonce> [maxbytes]
# Rules kept: no module autoload, no DNS, no write, no bashism, one exec.
main() {
LC_ALL=C; LANG=C; export LC_ALL LANG; unset LANGUAGE
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
umask 077
N=$1; MAX=\${2:-65536}
have() { command -v "$1" >/dev/null 2>&1; }
TO=; have timeout && TO='timeout 8'
if [ "$(id -u)" = 0 ]; then S=; elif have sudo; then S='sudo -n'; else S=; fi
# sec NAME CMD... -> "@@nonce B name", payload, "@rc=N", "@@nonce E name". No @rc line = truncated at MAX.
sec() { n=$1; shift
  printf '\\n@@%s B %s\\n' "$N" "$n"
  { "$@" 2>&1; echo "@rc=$?"; } </dev/null | head -c "$MAX"
  printf '\\n@@%s E %s\\n' "$N" "$n"; }
kv() { for f; do [ -r "$f" ] && printf '%s=%s\\n' "$f" "$(tr '\\n\\t' '  ' <"$f" 2>/dev/null)"; done; :; }
printf '\\n@@%s BEGIN 1\\n' "$N"
p_id() { id; uname -srm; hostname; date +%s; cat /proc/uptime; cat /proc/sys/kernel/random/boot_id; ps -p 1 -o comm= 2>/dev/null || cat /proc/1/comm; }
sec id p_id
p_os() { cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release 2>/dev/null || cat /etc/redhat-release; }
sec os p_os
p_sudo() { if [ "$(id -u)" = 0 ]; then echo root; elif have sudo; then sudo -n -l 2>&1 | tail -n 20; else echo nosudo; fi; }
sec sudo p_sudo
p_tools() { for c in ipvsadm ip ss sysctl modprobe modinfo nft iptables firewall-cmd ufw systemctl rc-service nmcli networkctl keepalived ldirectord arping tcpdump; do printf '%s=%s\\n' "$c" "$(command -v $c 2>/dev/null)"; done; ip -V 2>&1
  # never "ipvsadm -v/-h" for the version: it initialises (and so modprobes) ip_vs first
  if have dpkg-query; then dpkg-query -W -f '\${Package} \${Version} \${db:Status-Abbrev}\\n' ipvsadm keepalived ldirectord iproute2 procps systemd linux-sysctl-defaults 2>/dev/null
  elif have rpm; then rpm -q --qf '%{NAME} %{VERSION}-%{RELEASE}\\n' ipvsadm keepalived ldirectord iproute systemd 2>/dev/null
  elif have apk; then apk info -v 2>/dev/null | grep -E '^(ipvsadm|keepalived|iproute2)'; fi; :; }
sec tools p_tools
p_mods() { K=$(uname -r); awk '{print "loaded " $1}' /proc/modules | grep -E ' (ip_vs|ip_vs_.*|ipip|ip_tunnel|tunnel4|fou|ip_gre|sit|ip6_tunnel|nf_conntrack|nf_tables|ip_tables)$'
  for d in /lib/modules/$K /usr/lib/modules/$K; do [ -d "$d" ] || continue
    find "$d/kernel/net/netfilter/ipvs" "$d/kernel/net/ipv4" -name 'ip_vs*.ko*' -o -name 'ipip.ko*' -o -name 'fou.ko*' 2>/dev/null | sed 's|.*/||; s|\\.ko.*||; s|^|avail |'
    grep -E '/(ip_vs[a-z_]*|ipip|fou)\\.ko' "$d/modules.builtin" 2>/dev/null | sed 's|.*/||; s|\\.ko.*||; s|^|builtin |'; break; done; }
sec mods p_mods
# links/addresses. NEVER name tunl0 to ip(8): as root that autoloads ipip and creates the device.
p_link() { ip -j -d link show 2>/dev/null || { echo '#text'; ip -o -d link show; }; }
p_addr() { ip -j addr show 2>/dev/null || { echo '#text'; ip -o addr show; }; }
p_route() { ip -j route show table all 2>/dev/null || { echo '#text'; ip -o route show table all; }; }
sec link p_link; sec addr p_addr; sec route p_route; sec rule ip rule show
sec tunnel sh -c '[ -e /sys/class/net/tunl0 ] && ip tunnel show; :'
p_sysctl() { kv /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv4/conf/*/arp_ignore /proc/sys/net/ipv4/conf/*/arp_announce /proc/sys/net/ipv4/conf/*/accept_local /proc/sys/net/ipv4/conf/*/src_valid_mark /proc/sys/net/ipv4/conf/*/log_martians /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/vs/* /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max; }
sec sysctl p_sysctl
sec netstat sh -c 'grep -E "^(TcpExt|IpExt):" /proc/net/netstat; grep -E "^(Ip|Icmp):" /proc/net/snmp'
# IPVS: touch ipvsadm only if the module is already there (else it would be loaded)
p_ipvs() { [ -e /proc/net/ip_vs ] || { echo absent; return 0; }; cat /proc/net/ip_vs; }
sec ipvs_proc p_ipvs
if [ -e /proc/net/ip_vs ] && have ipvsadm; then
  sec ipvs_rules $TO $S ipvsadm -S -n
  sec ipvs_list  $TO $S ipvsadm -L -n
  sec ipvs_stats $TO $S ipvsadm -L -n --stats --exact
  sec ipvs_rate  $TO $S ipvsadm -L -n --rate --exact
  sec ipvs_thr   $TO $S ipvsadm -L -n --thresholds
  sec ipvs_pers  $TO $S ipvsadm -L -n --persistent-conn
  sec ipvs_tmo   $TO $S ipvsadm -L --timeout
  sec ipvs_sync  $TO $S ipvsadm -L --daemon
fi
sec ipvs_tot sh -c 'cat /proc/net/ip_vs_stats 2>/dev/null; :'
p_saved() { for f in /etc/default/ipvsadm /etc/ipvsadm.rules /etc/sysconfig/ipvsadm /etc/sysconfig/ipvsadm-config /var/lib/ipvsadm/rules-save /etc/modules /etc/modules-load.d/*.conf /etc/rc.local /etc/systemd/system/lvs-tun.service /etc/sysctl.conf /etc/sysctl.d/*.conf /run/sysctl.d/*.conf /usr/local/lib/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf /lib/sysctl.d/*.conf; do
  [ -f "$f" ] || continue; printf '#file %s %s\\n' "$f" "$(ls -ln "$f" 2>/dev/null | awk '{print $1,$3,$5}')"
  case $f in *sysctl*) grep -HnE '^[[:space:]]*-?net[./]ipv4[./](conf|ip_forward|vs)' "$f" 2>/dev/null | cut -d: -f2- ;; *) if [ -r "$f" ]; then cat "$f"; else $S cat "$f" 2>&1; fi ;; esac; done; ls -l /etc/sysctl.d/99-sysctl.conf 2>/dev/null; :; }
sec saved p_saved
p_svc() { if have systemctl && [ -d /run/systemd/system ]; then for u in ipvsadm keepalived ldirectord firewalld ufw nftables iptables systemd-networkd NetworkManager networking lvs-tun systemd-modules-load systemd-sysctl; do printf '%s active=%s enabled=%s\\n' "$u" "$(systemctl is-active $u 2>/dev/null)" "$(systemctl is-enabled $u 2>/dev/null)"; done; elif have rc-service; then rc-status -a 2>/dev/null; else ls /etc/rc2.d /etc/rc3.d 2>/dev/null; fi; }
sec svc p_svc
p_owner() { ps -eo pid=,comm=,args= 2>/dev/null | grep -E '[k]eepalived|[l]directord|[k]ube-proxy|[k]ube-router|[d]ockerd|[i]pvs|[s]urealived|[f]irewalld' | cut -c1-200; [ -e /sys/class/net/kube-ipvs0 ] && echo kube-ipvs0; ls /etc/keepalived/keepalived.conf /etc/ha.d/ldirectord.cf /etc/cni/net.d /var/run/docker/netns 2>/dev/null; :; }
sec owner p_owner
# not ss(8): it loads udp_diag
sec listen sh -c 'for f in tcp tcp6 udp udp6; do echo "#$f"; cat /proc/net/$f 2>/dev/null; done; :'
p_fw() { grep -qE '^nf_tables ' /proc/modules 2>/dev/null && have nft && $TO $S nft -n list ruleset
  if [ -r /proc/net/ip_tables_names ] || [ -n "$S" ]; then T=$($S cat /proc/net/ip_tables_names 2>/dev/null); for t in $T; do echo "*$t"; $S iptables-legacy -t $t -S 2>/dev/null || $S iptables -t $t -S; done; fi; :; }
sec fw p_fw
sec neigh sh -c 'ip neigh show 2>/dev/null | head -n 400'
sec dmesg sh -c 'dmesg 2>/dev/null | grep -E "IPVS|martian" | tail -n 40; :'
printf '\\n@@%s END\\n' "$N"
}
main "$@"
`
