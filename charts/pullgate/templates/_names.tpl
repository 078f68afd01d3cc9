{{- define "pullgate.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* Room for the longest suffix, -webhook-test. */ -}}
{{- define "pullgate.fullname" -}}
{{- $name := include "pullgate.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- /* A release may have dots in its name, and a Service may not. */ -}}
{{- default $full .Values.fullnameOverride | replace "." "-" | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "pullgate.account" -}}
{{- default (ternary (include "pullgate.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "pullgate.instance" -}}
app.kubernetes.io/name: {{ include "pullgate.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "pullgate.selector" -}}
{{ include "pullgate.instance" . }}
app.kubernetes.io/component: webhook
{{- end -}}

{{- define "pullgate.auditSelector" -}}
{{ include "pullgate.instance" . }}
app.kubernetes.io/component: audit
{{- end -}}

{{- define "pullgate.common" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "pullgate.labels" -}}
{{ include "pullgate.selector" . }}
{{ include "pullgate.common" . }}
{{- end -}}

{{- define "pullgate.auditLabels" -}}
{{ include "pullgate.auditSelector" . }}
{{ include "pullgate.common" . }}
{{- end -}}

{{- define "pullgate.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ default $.Chart.AppVersion .tag }}{{ end }}
{{- end -}}
{{- end -}}

{{- /* The Secret of the authority (self), or of the certificate (otherwise). */ -}}
{{- define "pullgate.secret" -}}
{{- if eq .Values.certificates.source "self" -}}
{{ include "pullgate.fullname" . }}-ca
{{- else if eq .Values.certificates.source "cert-manager" -}}
{{ include "pullgate.fullname" . }}-certificate
{{- else -}}
{{ required "certificates.source files needs certificates.secretName: a Secret of type kubernetes.io/tls" .Values.certificates.secretName }}
{{- end -}}
{{- end -}}

{{- /* The names that the API server calls the webhook by. */ -}}
{{- define "pullgate.hosts" -}}
{{- $host := printf "%s.%s.svc" (include "pullgate.fullname" .) .Release.Namespace -}}
{{- list $host (printf "%s.cluster.local" $host) | toJson -}}
{{- end -}}

{{- /* What the webhook and its test are started with. */ -}}
{{- define "pullgate.arguments" -}}
- --config=/etc/pullgate-config/pullgate.yaml
- --host=$(POD_IP)
- --port={{ .Values.webhook.port }}
- --metrics-port={{ .Values.metrics.port }}
{{- if eq .Values.certificates.source "self" }}
{{- range fromJsonArray (include "pullgate.hosts" .) }}
- --name={{ . }}
{{- end }}
- --ca-secret={{ .Release.Namespace }}/{{ include "pullgate.secret" . }}
- --webhook-configuration={{ include "pullgate.fullname" . }}
{{- else }}
- --cert-file=/etc/pullgate-certificate/tls.crt
- --key-file=/etc/pullgate-certificate/tls.key
{{- end }}
{{- if not .Values.rbac.pullSecrets }}
- --no-pull-secrets
{{- end }}
{{- with .Values.certificates.clientCa }}
{{- if .configMap }}
- --client-ca-file=/etc/pullgate-client-ca/{{ .key }}
{{- range .names }}
- --client-name={{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* A quantity of memory in MiB; 0 where it is not understood. */ -}}
{{- define "pullgate.mebibytes" -}}
{{- $units := dict "" 0.00000095367431640625 "k" 0.00095367431640625 "M" 0.95367431640625 "G" 953.67431640625 "Ki" 0.0009765625 "Mi" 1.0 "Gi" 1024.0 -}}
{{- if kindIs "string" . -}}
{{- $unit := regexReplaceAll "^[0-9]+([.][0-9]+)?" . "" -}}
{{- if hasKey $units $unit }}{{ mulf (trimSuffix $unit . | float64) (get $units $unit) | int }}{{ else }}0{{ end -}}
{{- else if . -}}
{{- divf (float64 .) 1048576.0 | int -}}
{{- else -}}
0
{{- end -}}
{{- end -}}

{{- /* A third of the memory for what lives long: buffers, TLS and the program itself lie beside it. */ -}}
{{- define "pullgate.heap" -}}
{{- $limit := include "pullgate.mebibytes" (dig "memory" "" (default dict (default dict .).limits)) | int -}}
--max-old-space-size={{ if $limit }}{{ max 64 (div $limit 3) }}{{ else }}128{{ end }} --max-semi-space-size=4
{{- end -}}

{{- /* Half of it: the audit keeps a whole cluster in mind, and answers nobody. */ -}}
{{- define "pullgate.auditHeap" -}}
{{- $limit := include "pullgate.mebibytes" (dig "memory" "" (default dict (default dict .).limits)) | int -}}
--max-old-space-size={{ if $limit }}{{ max 64 (div $limit 2) }}{{ else }}256{{ end }} --max-semi-space-size=4
{{- end -}}

{{- /* What each value allows by itself, and two do not together. */ -}}
{{- define "pullgate.contradictions" -}}
{{- with .Values }}
{{- if and .hostNetwork (eq (int .webhook.port) 10250) }}
{{- fail "hostNetwork and webhook.port 10250: this port of the nodes is the kubelet's, choose another" }}
{{- end }}
{{- if eq (int .webhook.port) (int .metrics.port) }}
{{- fail (printf "webhook.port and metrics.port are both %d, and stand in one pod: choose two" (int .metrics.port)) }}
{{- end }}
{{- if and .audit.enabled .audit.page.enabled (eq (int .audit.metricsPort) (int .audit.page.port)) }}
{{- fail (printf "audit.metricsPort and audit.page.port are both %d, and stand in one pod: choose two" (int .audit.page.port)) }}
{{- end }}
{{- if and .rbac.create (not .serviceAccount.create) (not .serviceAccount.name) }}
{{- fail "serviceAccount.create is false and serviceAccount.name is empty: every pod of the namespace that names no account would have Pullgate's rights" }}
{{- end }}
{{- if and (ne .certificates.source "files") (or .certificates.secretName .certificates.ca) }}
{{- fail (printf "certificates.secretName and certificates.ca are for certificates.source files, and it is %s" .certificates.source) }}
{{- end }}
{{- if and (ne .certificates.source "cert-manager") .certificates.certManager.issuer }}
{{- fail (printf "certificates.certManager.issuer is for certificates.source cert-manager, and it is %s" .certificates.source) }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "pullgate.environment" -}}
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: NODE_OPTIONS
  value: {{ default (include "pullgate.heap" .Values.resources) .Values.nodeOptions | quote }}
{{- range $name, $value := dict "HTTPS_PROXY" .Values.proxy.https "HTTP_PROXY" .Values.proxy.http "NO_PROXY" .Values.proxy.except }}
{{- if $value }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "pullgate.configMount" -}}
- name: config
  mountPath: /etc/pullgate-config
  readOnly: true
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "pullgate.configVolume" -}}
- name: config
  configMap:
    name: {{ include "pullgate.fullname" . }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "pullgate.mounts" -}}
{{ include "pullgate.configMount" . }}
{{- if ne .Values.certificates.source "self" }}
- name: certificate
  mountPath: /etc/pullgate-certificate
  readOnly: true
{{- end }}
{{- if .Values.certificates.clientCa.configMap }}
- name: client-ca
  mountPath: /etc/pullgate-client-ca
  readOnly: true
{{- end }}
{{- end -}}

{{- define "pullgate.volumes" -}}
{{ include "pullgate.configVolume" . }}
{{- if ne .Values.certificates.source "self" }}
- name: certificate
  secret:
    secretName: {{ include "pullgate.secret" . }}
{{- end }}
{{- with .Values.certificates.clientCa.configMap }}
- name: client-ca
  configMap:
    name: {{ . }}
{{- end }}
{{- end -}}

{{- define "pullgate.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "pullgate.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "pullgate.serve" -}}
{{- default dict .Values.config.serve | toJson -}}
{{- end -}}

{{- /* What carries pods, and is asked about: the kinds that are known, and those of the configuration. */ -}}
{{- define "pullgate.rules" -}}
{{- $rules := fromJsonArray (.Files.Get "files/rules.json") }}
{{- range .Values.config.kinds }}
{{- /* The plural as Kubernetes guesses it: apimachinery pkg/api/meta/restmapper.go, UnsafeGuessKindToResource. */ -}}
{{- $singular := lower .kind }}
{{- $plural := printf "%ss" $singular }}
{{- if hasSuffix "s" $singular }}{{ $plural = printf "%ses" $singular }}{{ end }}
{{- if hasSuffix "y" $singular }}{{ $plural = printf "%sies" (trimSuffix "y" $singular) }}{{ end }}
{{- $rules = append $rules (dict "apiGroups" (list (default "" .group)) "apiVersions" (list "*") "resources" (list $plural)) }}
{{- end }}
{{- concat $rules .Values.webhook.extraRules | toJson }}
{{- end -}}

{{- /* Where pods run, and what they are given besides: alike for the webhook, its test and the audit. */ -}}
{{- define "pullgate.surroundings" -}}
automountServiceAccountToken: true
# Nothing here looks for services in the environment but for the API server's.
enableServiceLinks: false
securityContext: {{- include "pullgate.podSecurity" . | nindent 2 }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- if .Values.hostNetwork }}
hostNetwork: true
{{- end }}
{{- with default (ternary "ClusterFirstWithHostNet" "" .Values.hostNetwork) .Values.dnsPolicy }}
dnsPolicy: {{ . }}
{{- end }}
{{- with .Values.initContainers }}
initContainers: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
