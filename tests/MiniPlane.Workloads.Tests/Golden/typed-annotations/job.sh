#!/bin/sh
# Pod default/typed, uid u-4
#SBATCH --job-name=typed
#SBATCH --comment="my own words"
#SBATCH --chdir=/home/me/.miniplane/pods/u-4
#SBATCH --output=/home/me/.miniplane/pods/u-4/slurm-%j.out
#SBATCH --open-mode=append
#SBATCH --partition=big
#SBATCH --cpus-per-task=2
#SBATCH --mem=4096M
#SBATCH --gres=gpu:1,scratch:1
#SBATCH --signal=B:TERM@60
#SBATCH --requeue
#SBATCH --account=proj1
#SBATCH --qos=high
#SBATCH --constraint="a100&nvlink"
#SBATCH --reservation=course
#SBATCH --ntasks=16
#SBATCH --nodes=2-4
#SBATCH --time=1-12:00:00
#SBATCH --exclusive
exec '/opt/mini plane/miniplane-agent' --config /home/me/.miniplane/pods/u-4/agent.json
