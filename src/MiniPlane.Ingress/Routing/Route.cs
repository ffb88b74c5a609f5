using MiniPlane.Objects.Documents;

namespace MiniPlane.Ingress.Routing;

/// <summary>One path of one rule.</summary>
/// <param name="Host">Lower case; empty for any, or <c>*.</c> and a suffix for any one label before it.</param>
/// <param name="Path">The paths it takes.</param>
/// <param name="Backend">Where requests go; null when the Ingress names a Service or port that is not there.</param>
/// <param name="Ingress">Who asked for it.</param>
internal sealed record Route(string Host, PathMatch Path, Backend? Backend, ObjectKey Ingress);
