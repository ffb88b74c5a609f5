using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Pods;

/// <summary>
/// What a pod asks for and an unprivileged container cannot have. The pod runs without it, and is told so once; whoever wants such
/// pods refused has Pod Security admission.
/// </summary>
internal static class UnsupportedSettings
{
    public static IEnumerable<(string Reason, string Message, string FieldPath)> Of(PodSpecView pod)
    {
        foreach (ContainerView container in pod.InitContainers.Concat(pod.Containers))
        {
            ContainerSecurityView? security = container.SecurityContext;
            string path = pod.InitContainers.Contains(container) ? $"spec.initContainers{{{container.Name}}}" : $"spec.containers{{{container.Name}}}";
            if (security?.Capabilities?.Add is { Count: > 0 } added)
            {
                yield return (
                    "CapabilitiesIgnored",
                    $"Container {container.Name} asks for the capabilities {string.Join(", ", added)}; it has them in its own user namespace only, not on the node",
                    path);
            }

            if (security?.Privileged == true)
            {
                yield return ("PrivilegedIgnored", $"Container {container.Name} asks to be privileged; it runs with the rights of the account", path);
            }
        }

        if (pod.SecurityContext.SupplementalGroups.Count > 0)
        {
            yield return (
                "SupplementalGroupsIgnored",
                $"The supplemental groups {string.Join(", ", pod.SecurityContext.SupplementalGroups)} are not set: an account without privileges cannot join groups",
                "");
        }
    }
}
