{{- define "pullgate.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* Room for the longest suffix, -webhook-test. */ -}}
{{- define "pullgate.fullname" -}}
{{- $name := include "pullgate.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
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

{{- define "pullgate.environment" -}}
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: NODE_OPTIONS
  value: {{ .Values.nodeOptions | quote }}
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
